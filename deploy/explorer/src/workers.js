// Where the editor finds its language services: beside this file, from the hub itself.
const FILES = { json: "json.worker.js", graphql: "graphql.worker.js" };

globalThis.MonacoEnvironment = {
  getWorker: (_id, label) =>
    new Worker(new URL(FILES[label] ?? "editor.worker.js", import.meta.url)),
};
