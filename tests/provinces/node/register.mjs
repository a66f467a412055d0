// The register of members of contract 1.2, written from schema/province.graphql alone.
//
// What is asked goes to the journal, and to disk, before it is carried out and answered;
// carrying it out again from the journal gives the same receipts.

import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from "node:fs";

const STANDING = new Set(["ACTIVE", "IN_REGISTERED", "RETAINED", "LANDED_FALLBACK"]);
const LEAVING = new Set(["OUT_REGISTERED", "IN_TRANSIT"]);
const isMember = (row) => STANDING.has(row.state) || LEAVING.has(row.state);

export class Register {
  /** `workers`: by local id, as the contract writes them; `unions`: this province's own, or null for any. */
  constructor(province, workers, unions, journal) {
    this.province = province;
    this.workers = workers;
    this.unions = unions && new Set(unions);
    this.receipts = new Map();
    this.outs = new Map();
    this.ins = new Map();
    this.barredOut = new Set();
    this.barredIn = new Set();
    this.holders = new Map();
    this.numbers = 0;
    for (const worker of workers.values()) for (const row of worker.memberships) this.#hold(row, worker.localId);
    this.#replay(journal);
  }

  #replay(journal) {
    this.journal = openSync(journal, "a+");
    // What was torn off by the end of the process was never answered.
    const lines = readFileSync(journal, "utf8").split("\n").slice(0, -1);
    for (const line of lines) {
      const { act, entries, at } = JSON.parse(line);
      for (const entry of entries) this.#once(act, entry, at);
    }
  }

  close() {
    closeSync(this.journal);
  }

  /** Carries out the entries of one field, in their order; one that cannot be dealt with is an Error in its place. */
  carryOut(act, entries, locked = () => false) {
    const at = new Date().toISOString();
    const able = entries.filter((entry) => !locked(entry));
    writeSync(this.journal, JSON.stringify({ act, entries: able, at }) + "\n");
    fdatasyncSync(this.journal);
    return entries.map((entry) => (locked(entry) ? new Error("the table is locked") : this.#once(act, entry, at)));
  }

  #once(act, entry, at) {
    const known = this.receipts.get(entry.key);
    if (known && known.act === act && known.transfer === entry.transfer) return known.receipt;
    if (known) return refused(entry, "KEY_REUSED");
    const receipt = this[act](entry, at);
    this.receipts.set(entry.key, { act, transfer: entry.transfer, receipt });
    return receipt;
  }

  registerOut(entry, at) {
    if (this.barredOut.has(entry.transfer)) return refused(entry, "BARRED");
    const worker = this.workers.get(entry.localId);
    if (!worker) return refused(entry, "UNKNOWN_WORKER");
    const ofCard = worker.memberships.filter((row) => row.membershipNo === entry.membershipNo);
    if (!ofCard.length) return refused(entry, "NOT_A_MEMBER");
    const members = ofCard.filter(isMember);
    if (!members.length) return refused(entry, "NOT_ACTIVE");
    const here = members.filter((row) => row.unionCode === entry.union);
    if (!here.length) return refused(entry, "OTHER_UNION");
    const row = here.find((one) => STANDING.has(one.state));
    if (!row) return refused(entry, "ALREADY_OUT");
    const number = this.#number("OUT");
    this.outs.set(entry.transfer, { number, worker, before: row, open: true, within: false });
    put(worker, {
      ...row, asOf: at, state: "IN_TRANSIT", registeredOutOn: entry.on, counterpartProvince: entry.counterpartProvince,
    });
    return done(entry, number, { joinedOn: row.joinedOn ?? null });
  }

  cancelOut(entry, at) {
    this.barredOut.add(entry.transfer);
    const out = this.outs.get(entry.transfer);
    if (out?.open) {
      out.open = false;
      put(out.worker, { ...out.before, asOf: at });
    }
    return done(entry, out?.number);
  }

  completeOut(entry, at) {
    this.barredOut.add(entry.transfer);
    this.#pair(entry, at, false);
    return done(entry, this.outs.get(entry.transfer)?.number);
  }

  registerIn(entry, at) {
    if (this.barredIn.has(entry.transfer)) return refused(entry, "BARRED");
    if (this.unions && !this.unions.has(entry.union)) return refused(entry, "UNKNOWN_UNION");
    const holders = [...(this.holders.get(entry.membershipNo) ?? [])].sort();
    const name = entry.localId ?? holders[0];
    if (entry.localId && !this.workers.has(entry.localId)) return refused(entry, "UNKNOWN_WORKER");
    const out = this.outs.get(entry.transfer);
    for (const holder of new Set([...holders, name])) {
      for (const row of this.workers.get(holder)?.memberships ?? []) {
        const own = holder === name || row.membershipNo === entry.membershipNo;
        const left = out?.open && out.worker.localId === holder && out.before.id === row.id;
        if (own && isMember(row) && !left) return refused(entry, "ALREADY_MEMBER");
      }
    }
    const number = this.#number("IN");
    const localId = name ?? `new-${number}`;
    if (!this.workers.has(localId)) this.workers.set(localId, { localId, asOf: at, memberships: [] });
    this.#pair(entry, at, true);
    const row = {
      id: number, asOf: at, membershipNo: entry.membershipNo, unionCode: entry.union,
      state: entry.landing ? "LANDED_FALLBACK" : "ACTIVE", joinedOn: entry.joinedOn, since: entry.on,
      registeredInOn: entry.on, counterpartProvince: entry.counterpartProvince,
    };
    put(this.workers.get(localId), row);
    this.#hold(row, localId);
    this.ins.set(entry.transfer, { number, worker: this.workers.get(localId), open: true });
    return done(entry, number, { localId: entry.localId ? null : localId });
  }

  cancelIn(entry, at) {
    this.barredIn.add(entry.transfer);
    this.barredOut.add(entry.transfer);
    const come = this.ins.get(entry.transfer);
    if (come?.open) {
      come.open = false;
      const row = come.worker.memberships.find((one) => one.id === come.number);
      // Who has moved on since, or left, is not touched.
      if (row && STANDING.has(row.state)) {
        come.worker.memberships = come.worker.memberships.filter((one) => one !== row);
        const out = this.outs.get(entry.transfer);
        if (out?.within) put(out.worker, { ...out.before, asOf: at });
      }
    }
    return done(entry, come?.number);
  }

  #pair(entry, at, within) {
    const out = this.outs.get(entry.transfer);
    if (!out?.open) return;
    Object.assign(out, { open: false, within });
    const row = out.worker.memberships.find((one) => one.id === out.before.id);
    if (row) put(out.worker, { ...row, asOf: at, state: "TRANSFERRED", until: entry.on });
  }

  #hold(row, localId) {
    if (!row.membershipNo) return;
    if (!this.holders.has(row.membershipNo)) this.holders.set(row.membershipNo, new Set());
    this.holders.get(row.membershipNo).add(localId);
  }

  #number(kind) {
    this.numbers += 1;
    return `${this.province}-${kind}-${String(this.numbers).padStart(8, "0")}`;
  }
}

function put(worker, row) {
  const others = worker.memberships.filter((one) => one.id !== row.id);
  worker.memberships = [...others, row].sort((a, b) => (a.id < b.id ? -1 : 1));
}

const receipt = (entry, told) => ({
  key: entry.key, entry: null, localId: null, joinedOn: null, code: null, message: null, ...told,
});
const refused = (entry, code) => receipt(entry, { answered: "REFUSED", code });
const done = (entry, number, told) => receipt(entry, { answered: "DONE", entry: number ?? null, ...told });
