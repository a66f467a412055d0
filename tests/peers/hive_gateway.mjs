// Hive's gateway before a supergraph; who asks and why is passed on to all.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { ready } from './telling.mjs';

const PASSED_ON = ['authorization', 'purpose-of-use', 'accept-language'];
const { supergraph } = JSON.parse(process.argv[2]);
const sdl = readFileSync(supergraph, 'utf8');

const gateway = createGatewayRuntime({
  supergraph: sdl,
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) =>
      Object.fromEntries(
        PASSED_ON.flatMap((name) => {
          const value = request.headers.get(name);
          return value ? [[name, value]] : [];
        }),
      ),
  },
});
const server = createServer(gateway);
server.listen(0, '127.0.0.1', () => {
  ready(`http://127.0.0.1:${server.address().port}/graphql`);
});
