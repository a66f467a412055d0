// A province that serves the contract with Apollo Server and @apollo/subgraph.
//
// This is all that a subgraph library leaves to its author: a resolver for a worker by
// localId, and one for each field of Query and Mutation that the province serves.

import { ApolloServer } from "@apollo/server";
import { ApolloServerPluginInlineTraceDisabled } from "@apollo/server/plugin/disabled";
import { buildSubgraphSchema } from "@apollo/subgraph";
import { Kind, parse, visit } from "graphql";

const ACTS = ["registerOut", "cancelOut", "registerIn", "cancelIn", "completeOut"];

/** Makes the server; `kept` tells what the province keeps at the moment. */
export async function contract(sdl, without, kept) {
  const typeDefs = cut(parse(sdl), new Set(without));
  const server = new ApolloServer({
    schema: buildSubgraphSchema({ typeDefs, resolvers: resolvers(typeDefs, kept) }),
    // Neither stacks nor traces are of use to the hub, and both may tell of a person.
    includeStacktraceInErrorResponses: false,
    plugins: [ApolloServerPluginInlineTraceDisabled()],
  });
  await server.start();
  return server;
}

function resolvers(typeDefs, kept) {
  const told = (name) => (worker) => {
    if (kept().untold.has(name)) throw new Error("the table is locked");
    return worker[name] ?? [];
  };
  const worker = typeDefs.definitions.find((node) => node.name?.value === "Worker");
  const rows = worker.fields.filter((field) => field.type.kind === Kind.LIST_TYPE).map((field) => field.name.value);
  const act = (name) => (_, { entries }) => kept().register.carryOut(name, entries, kept().locked);
  return {
    Worker: {
      // null is the answer for somebody whom nobody here knows; what is no question is an error.
      // Asynchronous: what one throws then costs its own place, and not the whole list.
      __resolveReference: async ({ localId }) => {
        if (typeof localId !== "string") throw new Error("localId is missing");
        return kept().register.workers.get(localId) ?? null;
      },
      ...Object.fromEntries(rows.map((name) => [name, told(name)])),
    },
    Query: {
      contract: () => ({ ...kept().contract, asOf: new Date().toISOString() }),
      caseChanges: (_, { after, first }) => kept().cases.log(after, first),
      caseFile: (_, { caseNo, after, first }) => kept().cases.file(caseNo, after, first),
    },
    Mutation: Object.fromEntries(ACTS.map((name) => [name, act(name)])),
  };
}

/** Leaves out of the SDL what the province does not serve. */
function cut(document, without) {
  return visit(document, {
    ObjectTypeDefinition: (node) => ({
      ...node, fields: node.fields.filter((field) => !without.has(`${node.name.value}.${field.name.value}`)),
    }),
  });
}
