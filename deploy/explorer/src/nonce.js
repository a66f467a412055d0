// The editor writes its theme into style elements that it makes itself. With the nonce of
// this page they are allowed by the Content-Security-Policy, and nobody else's are.
// It must run before anything else: keep it the first import of main.js.
const { nonce } = document.querySelector("script[nonce]");
const create = Document.prototype.createElement;

Document.prototype.createElement = function createElement(name, options) {
  const made = create.call(this, name, options);
  if (made instanceof HTMLStyleElement) made.nonce = nonce;
  return made;
};
