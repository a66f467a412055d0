// Composes subgraphs as Apollo's registry does.
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import { told, tell } from './telling.mjs';

const services = await told();
const { errors, hints, supergraphSdl } = composeServices(
  services.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) })),
);
tell({
  errors: (errors ?? []).map((one) => `${one.extensions?.code}: ${one.message}`),
  hints: (hints ?? []).map((one) => `${one.definition.code}: ${one.message}`),
  supergraph: supergraphSdl ?? null,
});
