// Clients of streams: the first events of a subscription, then the end.
import { createClient as overEvents } from 'graphql-sse';
import { createClient as overSocket } from 'graphql-ws';
import WebSocket from 'ws';
import { told, tell } from './telling.mjs';

const { client, url, token, query, variables, events } = await told();
const authorization = `Bearer ${token}`;

const make = {
  sse: () =>
    overEvents({ url, headers: { authorization }, retryAttempts: 0 }),

  ws: () =>
    overSocket({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { Authorization: authorization },
      retryAttempts: 0,
    }),

  // The token in the head of the request, as programs beside browsers may send it.
  'ws-header': () =>
    overSocket({
      url: url.replace('http', 'ws'),
      webSocketImpl: class extends WebSocket {
        constructor(address, protocols) {
          super(address, protocols, { headers: { authorization } });
        }
      },
      retryAttempts: 0,
    }),
};

const seen = [];
const made = make[client]();
try {
  for await (const one of made.iterate({ query, variables })) {
    seen.push(one);
    if (seen.length >= events) break;
  }
  tell({ seen, failed: null });
} catch (error) {
  const codes = Array.isArray(error)
    ? error.map((one) => one.extensions?.code)
    : [error.code ?? error.response?.status ?? String(error.message ?? error)];
  tell({ seen, failed: codes });
} finally {
  await made.dispose();
}
