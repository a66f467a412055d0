// What is typed may be about a person: it is kept in this page's memory only, and never
// on the machine, which colleagues may share.
export class Memory {
  #kept = new Map();

  get length() {
    return this.#kept.size;
  }
  key(place) {
    return [...this.#kept.keys()][place] ?? null;
  }
  getItem(name) {
    return this.#kept.get(name) ?? null;
  }
  setItem(name, value) {
    this.#kept.set(name, String(value));
  }
  removeItem(name) {
    this.#kept.delete(name);
  }
  clear() {
    this.#kept.clear();
  }
}
