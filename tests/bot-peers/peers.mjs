// Puts each row's user agent to libraries that look at nothing else, and writes what they found as one line of JSON.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isbot } from 'isbot';

const require = createRequire(import.meta.url);
const crawlers = require('crawler-user-agents').map((entry) => new RegExp(entry.pattern));
const DeviceDetector = require('device-detector-js');
const devices = new DeviceDetector();
const bots = new (require('device-detector-js/dist/parsers/bot'))();

const rows = readFileSync(process.argv[2], 'utf8').split('\n').filter(Boolean).map((line) => {
  const row = JSON.parse(line);
  const agent = row.headers.find(([name]) => name.toLowerCase() === 'user-agent')?.[1] ?? '';
  return { label: row.label, agent, visit: row.session !== undefined };
});

const peers = {
  'isbot': (agent) => isbot(agent),
  'crawler-user-agents': (agent) => crawlers.some((crawler) => crawler.test(agent)),
  // What it can name no browser for is no browser.
  'device-detector-js': (agent) => bots.parse(agent) !== null || devices.parse(agent)?.client?.type !== 'browser',
};

const share = (of, name) => of.filter(({ agent }) => peers[name](agent)).length / of.length;
const result = {};
for (const name of Object.keys(peers)) {
  const times = [];
  // The first round compiles.
  for (let round = 0; round < 2; round++) {
    times.length = 0;
    for (const { agent } of rows) {
      const started = process.hrtime.bigint();
      peers[name](agent);
      times.push(Number(process.hrtime.bigint() - started) / 1000);
    }
  }
  times.sort((one, other) => one - other);
  const of = (label) => rows.filter((row) => row.label === label);
  result[name] = {
    microseconds: times[times.length >> 1],
    automation: share(of('automation'), name),
    declared: share(of('declared_bot'), name),
    people: share(of('human'), name),
  };
}
console.log(JSON.stringify(result));
