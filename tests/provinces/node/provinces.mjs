// Two provinces in one process: /contract and /foreign. PUT sets what one keeps, PATCH how
// it fails, POST .../case writes into a case file; POST itself is GraphQL.
//
//   node provinces.mjs SDL DIRECTORY     (the SDL of the contract; where journals are kept)

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { HeaderMap } from "@apollo/server";

import { CaseLog } from "./case_log.mjs";
import { contract } from "./contract.mjs";
import { foreign } from "./foreign.mjs";
import { Register } from "./register.mjs";

const [, , sdlFile, directory] = process.argv;
const SDL = readFileSync(sdlFile, "utf8");
const TOKEN = process.env.PROVINCE_TOKEN;
//: The hub keeps idle connections for a minute: closing them earlier loses questions.
const IDLE = 65_000;
let numbers = 0;

class Province {
  constructor(name, serve) {
    this.name = name;
    this.serve = serve;
    this.servers = new Map();
  }

  async keep(told) {
    const { code = "44", version = "1.2", kinds = [], without = [], journal = `${this.name}-${++numbers}` } = told;
    this.kept?.register.close();
    const workers = new Map(Object.entries(told.workers ?? {}));
    this.kept = {
      contract: { province: code, version, kinds },
      register: new Register(code, workers, told.unions ?? null, join(directory, `${journal}.jsonl`)),
      cases: new CaseLog(code),
    };
    this.fail(told);
    const options = { introspection: told.introspection };
    const shape = JSON.stringify([without, options]);
    if (!this.servers.has(shape)) this.servers.set(shape, await this.serve(SDL, without, () => this.kept, options));
    this.server = this.servers.get(shape);
  }

  fail({ untold = [], locked = [], faults = {} }) {
    const transfers = new Set(locked);
    Object.assign(this.kept, { untold: new Set(untold), locked: (entry) => transfers.has(entry.transfer), faults, seen: [] });
  }

  async answer(request, body) {
    const headers = new HeaderMap();
    for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
    const { search } = new URL(request.url, "http://here");
    this.kept.seen.push(body);
    return this.server.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: request.method, headers, search, body },
      context: async () => ({}),
    });
  }
}

const PROVINCES = { contract: new Province("contract", contract), foreign: new Province("foreign", foreign) };

async function read(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return parts.length ? JSON.parse(Buffer.concat(parts).toString("utf8")) : {};
}

async function handle(request, response) {
  const [, name, what] = new URL(request.url, "http://here").pathname.split("/");
  const province = PROVINCES[name];
  const body = await read(request);
  if (request.method === "PUT") await province.keep(body);
  else if (request.method === "PATCH") province.fail(body);
  else if (request.method === "GET") return response.end(JSON.stringify({ seen: province.kept.seen }));
  else if (what === "case") province.kept.cases.write(body);
  else return graphql(province, request, response, body);
  return response.end("{}");
}

async function graphql(province, request, response, body) {
  if (request.headers.authorization !== `Bearer ${TOKEN}`) return response.writeHead(401).end();
  const told = await province.answer(request, body);
  // Not `Object.fromEntries(told.headers)`: an answer in parts has no length.
  for (const [name, value] of told.headers) response.setHeader(name, value);
  response.statusCode = told.status ?? 200;
  return response.end(told.body.string);
}

const server = createServer({ keepAliveTimeout: IDLE, noDelay: true }, (request, response) => {
  handle(request, response).catch((error) => {
    console.error(error);
    response.writeHead(500).end();
  });
});
for (const province of Object.values(PROVINCES)) await province.keep({});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` })));
// Nothing is left behind when whoever started it is gone.
process.stdin.resume().on("end", () => process.exit());
