// A subgraph beside a province's own: which service station looks after a worker. It
// knows workers by the name that the province gives them, and nothing else of them.
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { ready } from './telling.mjs';

const { keys } = JSON.parse(process.argv[2]);

const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])

  type Query {
    lookedAfter: [Worker]!
  }

  type Worker @key(fields: "localId") {
    localId: ID!
    station: String
  }
`);

const server = new ApolloServer({
  schema: buildSubgraphSchema({
    typeDefs,
    resolvers: {
      Query: { lookedAfter: () => keys.map((localId) => ({ localId })) },
      Worker: {
        __resolveReference: ({ localId }) => ({ localId }),
        station: ({ localId }) => `station of ${localId}`,
      },
    },
  }),
});
const { url } = await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: 0 },
});
ready(url);
