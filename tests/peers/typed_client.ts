// A partner's program with generated types: it is compiled, not run. What is wrong in
// it, the compiler must find.
import { GraphQLClient } from 'graphql-request';
import { LookUpDocument } from './hub-client/graphql.js';

export async function name(hub: GraphQLClient): Promise<string | null | undefined> {
  const { worker } = await hub.request(LookUpDocument, {
    by: { residentId: '…' },
    purpose: 'MEMBERSHIP_SERVICE',
  });
  switch (worker.__typename) {
    case 'Worker':
      return worker.completeness.complete ? worker.name : null;
    case 'UnknownWorker':
      return worker.message;
    case 'Refusal':
      return worker.remedy;
  }
}

export const wrong = async (hub: GraphQLClient) => {
  const { worker } = await hub.request(LookUpDocument, {
    by: { residentId: '…' },
    // @ts-expect-error: a purpose is one of the graph's own
    purpose: 'CURIOSITY',
  });
  // @ts-expect-error: whether it is a worker must be asked first
  return worker.name;
};
