// A province with a GraphQL schema of its own: own names, own codes, lists in five ways.
//
// Its words are those of the contract read backwards: nobody understands them without a
// mapping, and there is no table of sixty names to keep. Its ways of telling lists are
// those of systems in use.

import { ApolloServer } from "@apollo/server";
import { ApolloServerPluginInlineTraceDisabled } from "@apollo/server/plugin/disabled";
import { GraphQLError, Kind, parse } from "graphql";

const ACTS = {
  zhuanChu: "registerOut", zhuanChuCheXiao: "cancelOut", zhuanRu: "registerIn", zhuanRuCheXiao: "cancelIn",
  zhuanChuWanCheng: "completeOut",
};
const ENTRY = [
  "key", "act", "transfer", "province", "localId", "membershipNo", "union", "counterpartUnion", "counterpartProvince",
  "on", "joinedOn", "reason",
];
const RECEIPT = ["key", "answered", "entry", "localId", "joinedOn", "code", "message"];
const CODED = new Set(["answered", "code"]);
const CHANGE = [
  "caseNo", "asOf", "act", "on", "unionCode", "documentReference", "documentSha256", "factKind", "factAbout", "factNames",
];
const NUMBERED = ["seq", "corrects", "gone", "factDays"];
//: The rows of a kind: where the contract has them, and their type there.
const KINDS = {
  memberships: "Membership", rightsCases: "RightsCase", skills: "Skill", trainings: "Training",
  employments: "Employment", hardshipFiles: "HardshipFile",
};

const back = (text) => [...text].reverse().join("");
const name = (text) => `x${back(text)}`;
const day = (text) => text && text.replaceAll("-", "");
const fromDay = (text) => text && `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;

/** Makes the server; `kept` tells what the province keeps at the moment. */
export async function foreign(sdl, without, kept, options = {}) {
  const types = typesOf(sdl, new Set(without));
  const server = new ApolloServer({
    typeDefs: schema(types),
    resolvers: resolvers(types, kept),
    introspection: options.introspection ?? true,
    includeStacktraceInErrorResponses: false,
    plugins: [ApolloServerPluginInlineTraceDisabled()],
  });
  await server.start();
  return server;
}

/** Of each object type of the contract, the type of each field. */
function typesOf(sdl, without) {
  const document = parse(sdl);
  const enums = new Set(document.definitions.filter((n) => n.kind === Kind.ENUM_TYPE_DEFINITION).map((n) => n.name.value));
  const types = {};
  for (const node of document.definitions) {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    const fields = node.fields.filter((field) => !without.has(`${node.name.value}.${field.name.value}`));
    types[node.name.value] = Object.fromEntries(fields.map((field) => [field.name.value, plain(field.type, enums)]));
  }
  return types;
}

function plain(type, enums) {
  if (type.kind === Kind.NON_NULL_TYPE) return plain(type.type, enums);
  if (type.kind === Kind.LIST_TYPE) return { listed: plain(type.type, enums) };
  return enums.has(type.name.value) ? "Enum" : type.name.value;
}

/** Writes a value as this province does. */
function value(told, type, types) {
  if (told === null || told === undefined) return null;
  if (type.listed) return told.map((one) => object(one, type.listed, types));
  if (type === "Enum") return back(told);
  if (type === "Date") return day(told);
  if (type === "Boolean") return told ? "是" : "否";
  return told;
}

function object(record, type, types) {
  return Object.fromEntries(Object.entries(types[type]).map(([field, of]) => [name(field), value(record[field], of, types)]));
}

const isRows = (type) => type.listed in KINDS_BY_TYPE;
const KINDS_BY_TYPE = Object.fromEntries(Object.entries(KINDS).map(([rows, type]) => [type, rows]));

function row(record, type, types, worker) {
  const own = Object.fromEntries(Object.entries(types[type]).filter(([, of]) => !isRows(of)));
  return { ...object(record, type, { ...types, [type]: own }), zhiGongHao: worker.localId };
}

function schema(types) {
  const fields = (type) => Object.entries(types[type] ?? {})
    .filter(([, of]) => !isRows(of))
    .map(([field, of]) => `${name(field)}: ${of.listed ? `[${of.listed}]` : of === "Int" ? "Int" : "String"}`);
  const inner = Object.keys(types).filter((one) => !["Query", "Mutation", "Worker"].includes(one) && !(one in KINDS_BY_TYPE));
  const kinds = Object.keys(KINDS_BY_TYPE).map((one) => `type ${one} { zhiGongHao: String! ${fields(one).join(" ")} }`);
  return `
    type Worker { zhiGongHao: String! ${fields("Worker").join(" ")} peiXun: [Training!] }
    ${kinds.join("\n")}
    ${inner.map((one) => `type ${one} { ${fields(one).join(" ")} }`).join("\n")}
    type JieGuo { hang: [Worker] }
    type ZhiGongYe { jieGuo: JieGuo }
    type HuiJiBian { node: Membership cursor: String! }
    type YeXinXi { hasNextPage: Boolean! endCursor: String }
    type HuiJiLian { edges: [HuiJiBian] pageInfo: YeXinXi! }
    input HuiJiTiaoJian { zhiGongHao: ShuZhi! sheng: String }
    input ShuZhi { _in: [String!]! }
    type DangAn { jiuYe(hao: [String!]!): [Employment!] }
    type Nr { nr: HardshipFile zhiGongHao: String! }
    type KunNanYe { zongShu: Int! hang: [Nr!] }
    type WeiQuanYe { shuJu: [RightsCase!] haiYou: Boolean! }
    type Query {
      zhiGong(hao: [String!]!): ZhiGongYe
      huiJi(tiaoJian: HuiJiTiaoJian!, first: Int, after: String): HuiJiLian
      weiQuan(hao: [String!]!, ye: Int!, tiao: Int!): WeiQuanYe
      jiNeng(hao: ID!): [Skill!]
      ren(haoMa: [ID!]!): [Worker]
      dangAn: DangAn
      kunNan(hao: [String!]!, pian: Int! tiao: Int!): KunNanYe
      liuShui(hou: String, tiao: Int!, anHao: String, xuHao: Int): LiuShuiYe
      huiZhi(jian: String!): DengJiJieGuo
    }
    type LiuShui { ${CHANGE.map((one) => `${name(one)}: String`).join(" ")} ${NUMBERED.map((one) => `${name(one)}: Int`).join(" ")} }
    type LiuShuiYe { hang: [LiuShui!] jinDu: [LiuShui!] xiaYe: String haiYou: Boolean! }
    input ShenQing { ${ENTRY.map((one) => `${name(one)}: String`).join(" ")} ${name("landing")}: Boolean }
    type HuiZhi { ${RECEIPT.map((one) => `${name(one)}: String`).join(" ")} }
    type DengJiJieGuo { jieGuo: HuiZhi }
    type Mutation { ${Object.keys(ACTS).map((one) => `${one}(shenQing: ShenQing!): DengJiJieGuo`).join(" ")} }
  `;
}

function resolvers(types, kept) {
  const locked = (rows) => {
    if (kept().untold.has(rows)) throw new GraphQLError("the table is locked");
  };
  const known = (keys) => keys.map((key) => kept().register.workers.get(key) ?? null);
  // One column of one worker that cannot be read today.
  const torn = (rows, told) => {
    const { broken } = kept().faults;
    const hit = broken?.rows === rows && broken.worker === told.zhiGongHao;
    return hit ? { ...told, [name(broken.field)]: () => { throw new GraphQLError("torn"); } } : told;
  };
  const all = (rows, keys) => {
    locked(rows);
    const told = known(keys).flatMap((one) => (one?.[rows] ?? []).map((each) => row(each, KINDS[rows], types, one)));
    return told.map((one) => torn(rows, one));
  };
  const people = (keys) => {
    const told = known(keys).map((one) => one && torn("workers", row(one, "Worker", types, one)));
    return kept().faults.stranger ? [...told, { ...told[0], zhiGongHao: "gd-666" }] : told;
  };
  const act = (field) => (_, { shenQing }) => {
    const entry = Object.fromEntries(ENTRY.map((one) => [one, shenQing[name(one)] ?? null]));
    const read = { ...entry, on: fromDay(entry.on), joinedOn: fromDay(entry.joinedOn), landing: shenQing[name("landing")] ?? false };
    const [told] = kept().register.carryOut(ACTS[field], [read], kept().locked);
    if (told instanceof Error) throw told;
    return told;
  };
  return {
    Worker: { peiXun: (one) => all("trainings", [one.zhiGongHao]) },
    DangAn: { jiuYe: (_, { hao }) => all("employments", hao) },
    Query: {
      zhiGong: (_, { hao }) => ({ jieGuo: { hang: people(hao).filter(Boolean) } }),
      ren: (_, { haoMa }) => people(haoMa),
      dangAn: () => ({}),
      jiNeng: (_, { hao }) => all("skills", [hao]),
      huiJi: (_, { tiaoJian, first, after }) => relay(all("memberships", tiaoJian.zhiGongHao._in), first, after, kept().faults),
      weiQuan: (_, { hao, ye, tiao }) => {
        const rows = all("rightsCases", hao);
        return { shuJu: rows.slice((ye - 1) * tiao, ye * tiao), haiYou: ye * tiao < rows.length };
      },
      kunNan: (_, { hao, pian, tiao }) => {
        const rows = all("hardshipFiles", hao).map((nr) => ({ nr, zhiGongHao: nr.zhiGongHao }));
        return { zongShu: rows.length, hang: rows.slice(pian, pian + tiao) };
      },
      liuShui: (_, { hou, tiao, anHao, xuHao }) =>
        page(anHao ? kept().cases.file(anHao, xuHao, tiao) : kept().cases.log(hou, tiao)),
      huiZhi: (_, { jian }) => kept().register.receipts.get(jian)?.receipt ?? null,
    },
    DengJiJieGuo: { jieGuo: receipt },
    Mutation: Object.fromEntries(Object.keys(ACTS).map((field) => [field, act(field)])),
  };
}

function receipt(told) {
  const written = (one) => {
    if (told[one] === null) return null;
    return one === "joinedOn" ? day(told[one]) : CODED.has(one) ? back(told[one]) : told[one];
  };
  return Object.fromEntries(RECEIPT.map((one) => [name(one), written(one)]));
}

function relay(rows, first, after, faults) {
  const start = after ? Number(after) : 0;
  const page = rows.slice(start, start + first).map((node, place) => ({ node, cursor: String(start + place + 1) }));
  const next = faults.ring ? "0" : String(start + page.length);
  return { edges: page, pageInfo: { hasNextPage: faults.ring || start + first < rows.length, endCursor: next } };
}

function page(told) {
  const lines = told.changes.map((one) => ({
    ...one, act: one.act && back(one.act), on: day(one.on), documentReference: one.document?.reference,
    documentSha256: one.document?.sha256, factKind: one.fact?.kind, factAbout: one.fact?.about,
    factNames: day(one.fact?.names), factDays: one.fact?.days,
  }));
  const written = (one) => Object.fromEntries([...CHANGE, ...NUMBERED].map((field) => [name(field), one[field] || null]));
  return { hang: lines.map(written), jinDu: told.watermarks.map(written), xiaYe: told.next, haiYou: told.more };
}
