// A client of others asks several times, and tells what it made of each answer:
// { data, codes }.
import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { GraphQLClient } from 'graphql-request';
import { Client, fetchExchange } from 'urql';
import { told, tell } from './telling.mjs';

const { client, url, asks } = await told();
const codes = (errors, failure) =>
  errors?.map((one) => one.extensions?.code) ??
  (failure ? [failure.statusCode ?? failure.response?.status ?? `${failure}`] : []);

const ask = {
  async apollo({ headers, query, variables }) {
    const made = new ApolloClient({
      link: new HttpLink({ uri: url, headers }),
      cache: new InMemoryCache(),
    });
    const { data, error } = await made.query({
      query: gql(query),
      variables,
      errorPolicy: 'all',
    });
    return { data: data ?? null, codes: codes(error?.errors, error) };
  },

  async urql(one, options = { preferGetMethod: false }) {
    const made = new Client({
      url,
      exchanges: [fetchExchange],
      fetchOptions: { headers: one.headers },
      ...options,
    });
    const { data, error } = await made.query(one.query, one.variables).toPromise();
    return { data: data ?? null, codes: codes(error?.graphQLErrors, error) };
  },

  // As it is unless told otherwise: queries go by GET.
  'urql-get': (one) => ask.urql(one, {}),

  async request({ headers, query, variables }) {
    const made = new GraphQLClient(url, { headers, errorPolicy: 'all' });
    try {
      const { data, errors } = await made.rawRequest(query, variables);
      return { data: data ?? null, codes: codes(errors) };
    } catch (error) {
      return { data: null, codes: codes(error.response?.errors, error) };
    }
  },
};

const answers = {};
for (const [name, one] of Object.entries(asks)) {
  answers[name] = await ask[client](one);
}
tell(answers);
