import "./nonce.js";
import "./workers.js";

import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createClient } from "graphql-ws";
import { createElement } from "react";
import { createRoot } from "react-dom/client";

import "graphiql/style.css";
import "./page.css";

import { headers, purpose, start } from "./entrance.js";
import { Memory } from "./memory.js";
import query from "./start.graphql";

const fetcher = createGraphiQLFetcher({
  url: "/graphql",
  enableIncrementalDelivery: false,
  // What stands in the editor's own Headers tab comes last and wins.
  fetch: (address, request) => fetch(address, { ...request, headers: { ...headers(), ...request.headers } }),
  wsClient: createClient({
    url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/graphql`,
    connectionParams: headers,
    lazy: true,
  }),
});

let root = null;

start(
  (residentId) => {
    root?.unmount();
    root = createRoot(document.getElementById("explorer"));
    root.render(
      createElement(
        GraphiQL,
        {
          fetcher,
          storage: new Memory(),
          initialQuery: query,
          initialVariables: JSON.stringify({ by: { residentId }, purpose: purpose() }, null, 2),
          defaultEditorToolsVisibility: "variables",
          showPersistHeadersSettings: false,
        },
        createElement(GraphiQL.Logo, null, "档案查询 Explorer"),
      ),
    );
  },
  () => {
    root?.unmount();
    root = null;
  },
);
