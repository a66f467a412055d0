// How a program is told what to do, and tells what came of it: JSON, both ways. One
// that serves says where, and ends when it is asked to, with nothing to finish.
import { text } from 'node:stream/consumers';

export const told = async () => JSON.parse(await text(process.stdin));
export const tell = (value) => process.stdout.write(JSON.stringify(value));
export const ready = (url) => {
  process.on('SIGTERM', () => process.exit(0));
  console.log(`ready ${url}`);
};
