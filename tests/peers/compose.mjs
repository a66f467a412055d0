// Composes sets of subgraphs as Apollo's registry does.
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { told, tell } from './telling.mjs';

const compose = (subgraphs) => {
  const { errors, supergraphSdl } = composeServices(
    subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })),
  );
  return {
    errors: (errors ?? []).map((one) => `${one.extensions?.code}: ${one.message}`),
    supergraph: supergraphSdl ?? null,
  };
};
tell((await told()).map(compose));
