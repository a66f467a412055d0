// What happens in the case files of one province: one log, and the file of each case.

import { randomUUID } from "node:crypto";

const MOST = 500;

export class CaseLog {
  constructor(province) {
    this.province = province;
    // A cursor of another log, as of a backup, must be known as such.
    this.name = randomUUID();
    this.lines = [];
    this.last = new Map();
  }

  write(line) {
    const seq = (this.last.get(line.caseNo) ?? 0) + 1;
    if (seq !== line.seq) throw new Error(`the next number is ${seq}`);
    this.last.set(line.caseNo, seq);
    this.lines.push(line);
  }

  log(after, first) {
    const [name, place] = (after ?? "").split("/");
    const start = name === this.name ? Number(place) : 0;
    const page = this.lines.slice(start, start + first);
    const more = start + page.length < this.lines.length;
    return this.#page(page, page.map((line) => line.caseNo), more, first, `${this.name}/${start + page.length}`);
  }

  file(caseNo, after, first) {
    const lines = this.lines.filter((line) => line.caseNo === caseNo);
    const page = lines.slice(after, after + first);
    return this.#page(page, this.last.has(caseNo) ? [caseNo] : [], after + page.length < lines.length, first, "");
  }

  #page(changes, cases, more, first, next) {
    if (!(first >= 1 && first <= MOST)) throw new Error(`from 1 to ${MOST} at once`);
    const watermarks = [...new Set(cases)].map((caseNo) => ({ caseNo, seq: this.last.get(caseNo) }));
    return { province: this.province, changes, watermarks, next, more };
  }
}
