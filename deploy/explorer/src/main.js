import "./nonce.js";
import "./workers.js";

import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import { createClient } from "graphql-ws";
import { editor } from "monaco-graphql/esm/monaco-editor.js";
import { createElement } from "react";
import { createRoot } from "react-dom/client";

import "graphiql/style.css";
import "./page.css";

import { headers, purpose, start } from "./entrance.js";
import { Memory } from "./memory.js";
import cases from "./cases.graphql";
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

// A full-width comma is no trap in a text that is Chinese.
editor.onDidCreateEditor((made) => made.updateOptions({ unicodeHighlight: { ambiguousCharacters: false } }));

let root = null;

start(
  (residentId) => {
    const variables = JSON.stringify({ by: { residentId }, purpose: purpose() }, null, 2);
    root?.unmount();
    root = createRoot(document.getElementById("explorer"));
    root.render(
      createElement(
        GraphiQL,
        {
          fetcher,
          storage: new Memory(),
          // The first tab's variables are shown only where they are the initial ones too.
          initialVariables: variables,
          defaultTabs: [{ query, variables }, { query: cases }],
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
