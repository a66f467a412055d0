// Runs the audits of GraphQL over HTTP against a server, and tells their outcome.
import { serverAudits } from 'graphql-http';
import { told, tell } from './telling.mjs';

const { url, token } = await told();
const asCaller = (address, init) =>
  fetch(address, {
    ...init,
    headers: { ...init?.headers, authorization: `Bearer ${token}` },
  });

const outcomes = [];
for (const audit of serverAudits({ url, fetchFn: asCaller })) {
  const { id, name, status, reason } = await audit.fn();
  outcomes.push({ id, name, status, reason });
}
tell(outcomes);
