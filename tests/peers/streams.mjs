// A client of others follows several streams at once, each until so many events or
// a certain one were seen or it failed, and tells for each: { seen, failed }.
import { createClient as overEvents } from 'graphql-sse';
import { createClient as overSocket } from 'graphql-ws';
import WebSocket from 'ws';
import { told, tell } from './telling.mjs';

const { client, url, follows } = await told();

const make = {
  sse: (authorization) =>
    overEvents({ url, headers: { authorization }, retryAttempts: 0 }),

  ws: (authorization) =>
    overSocket({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      connectionParams: { Authorization: authorization },
      retryAttempts: 0,
    }),

  // The token in the head of the request, as programs beside browsers may send it.
  'ws-header': (authorization) =>
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

async function follow({ token, query, variables, events, until }) {
  const seen = [];
  const made = make[client](`Bearer ${token}`);
  try {
    for await (const one of made.iterate({ query, variables })) {
      seen.push(one);
      if (seen.length >= events) break;
      if (until && one.data?.provinceStatus.cursor === until) break;
    }
    return { seen, failed: null };
  } catch (error) {
    const failed = Array.isArray(error)
      ? error.map((one) => one.extensions?.code)
      : [error.code ?? error.response?.status ?? `${error.message ?? error}`];
    return { seen, failed };
  } finally {
    await made.dispose();
  }
}

const outcomes = Object.entries(follows).map(async ([name, one]) => [
  name,
  await follow(one),
]);
tell(Object.fromEntries(await Promise.all(outcomes)));
