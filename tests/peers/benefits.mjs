// A subgraph of a partner: what benefits a worker gets. It knows workers by the hub's
// id alone, and shares the hub's way to say where a value comes from.
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { ready } from './telling.mjs';

const { ids } = JSON.parse(process.argv[2]);

const typeDefs = parse(`
  extend schema
    @link(
      url: "https://specs.apollo.dev/federation/v2.3"
      import: ["@key", "@shareable", "@tag"]
    )

  scalar DateTime

  type Query {
    "Workers may be null: whoever the hub does not know has no completeness."
    beneficiaries: [Worker]!
  }

  type Worker @key(fields: "id") {
    id: ID!
    benefits: [Benefit!]! @tag(name: "personal")
  }

  type Benefit {
    name: String!
    source: Source!
    "The bearer token and the purpose that this subgraph was asked with."
    askedWith: [String]!
  }

  type Source @shareable {
    province: String!
    asOf: DateTime!
    fetchedAt: DateTime!
  }
`);

const at = '2026-11-01T00:00:00Z';
const benefits = (_worker, _arguments, { token, purpose }) => [
  {
    name: '送温暖',
    source: { province: '44', asOf: at, fetchedAt: at },
    askedWith: [token ?? null, purpose ?? null],
  },
];

const server = new ApolloServer({
  schema: buildSubgraphSchema({
    typeDefs,
    resolvers: {
      Query: { beneficiaries: () => ids.map((id) => ({ id })) },
      Worker: { __resolveReference: ({ id }) => ({ id }), benefits },
    },
  }),
});
const { url } = await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: 0 },
  context: async ({ req }) => ({
    token: req.headers.authorization,
    purpose: req.headers['purpose-of-use'],
  }),
});
ready(url);
