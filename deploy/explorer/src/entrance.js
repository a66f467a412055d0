// The form at the head of the page: who asks, in which language, and why.

const KEPT = "hub.explorer.token";
const LOOPBACK = new Set(["127.0.0.1", "localhost", "[::1]"]);

const field = (id) => document.getElementById(id);

// `#token=…&resident-id=…`: a fragment never leaves the browser. The demo opens the page
// so, on this machine; anywhere else such a link is ignored, because it would make its
// reader ask in its writer's name.
export function fromLink() {
  const told = new URLSearchParams(location.hash.slice(1));
  if (location.hash) history.replaceState(null, "", location.pathname);
  return LOOPBACK.has(location.hostname)
    ? { token: told.get("token") ?? "", residentId: told.get("resident-id") ?? "" }
    : { token: "", residentId: "" };
}

// The token lives as long as this tab.
export const keep = (token) => sessionStorage.setItem(KEPT, token);
export const kept = () => sessionStorage.getItem(KEPT) ?? "";
export const forget = () => sessionStorage.removeItem(KEPT);

export const token = () => field("token").value.trim();
export const purpose = () => field("purpose").value;
export const language = () => field("language").value;

export function headers() {
  return { Authorization: `Bearer ${token()}`, "Accept-Language": language(), "Purpose-Of-Use": purpose() };
}

export function start(open, close) {
  const link = fromLink();
  field("token").value = link.token || kept();
  const enter = () => {
    if (!token()) return;
    keep(token());
    document.body.classList.add("open");
    open(link.residentId);
  };
  field("entrance").addEventListener("submit", (event) => {
    event.preventDefault();
    enter();
  });
  field("leave").addEventListener("click", () => {
    forget();
    field("token").value = "";
    document.body.classList.remove("open");
    close();
  });
  enter();
}
