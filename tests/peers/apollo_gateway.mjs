// Apollo's gateway before a supergraph; who asks and why is passed on to all.
import { readFileSync } from 'node:fs';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ready } from './telling.mjs';

const PASSED_ON = ['authorization', 'purpose-of-use', 'accept-language'];
const { supergraph } = JSON.parse(process.argv[2]);
const sdl = readFileSync(supergraph, 'utf8');

const gateway = new ApolloGateway({
  supergraphSdl: sdl,
  buildService: ({ url }) =>
    new RemoteGraphQLDataSource({
      url,
      willSendRequest({ request, context }) {
        for (const name of PASSED_ON) {
          if (context.headers?.[name]) {
            request.http.headers.set(name, context.headers[name]);
          }
        }
      },
    }),
});
const { url } = await startStandaloneServer(new ApolloServer({ gateway }), {
  listen: { host: '127.0.0.1', port: 0 },
  context: async ({ req }) => ({ headers: req.headers }),
});
ready(url);
