// How a program is told what to do, and tells what came of it: JSON, both ways.
import { text } from 'node:stream/consumers';

export const told = async () => JSON.parse(await text(process.stdin));
export const tell = (value) => process.stdout.write(JSON.stringify(value));
