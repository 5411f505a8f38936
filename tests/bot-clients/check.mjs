// Each caller asks for the same address; what the gateway took it for is read from its log.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const [gateway, python, profile, table] = process.argv.slice(2);
const browser = '/usr/bin/chromium';

async function byHand(address) {
  const started = spawn(browser, ['--no-sandbox', '--no-first-run', '--password-store=basic', `--user-data-dir=${profile}`, 'about:blank'], { stdio: 'ignore' });
  try {
    const xdotool = (...words) => execFileSync('xdotool', words, { encoding: 'utf8' }).trim();
    let window = '';
    for (let tries = 0; !window && tries < 100; tries++) {
      await wait(200);
      try {
        window = xdotool('search', '--onlyvisible', '--class', 'chromium').split('\n')[0];
      } catch {
        // It is not there yet.
      }
    }
    assert.ok(window, 'the browser opened no window');
    await wait(1500);
    xdotool('windowfocus', window);
    xdotool('key', 'ctrl+l');
    xdotool('type', '--delay', '40', address);
    xdotool('key', 'Return');
    await wait(2500);
  } finally {
    started.kill('SIGTERM');
  }
}

const callers = [
  ['Chromium, by keyboard in its window', 'human', byHand],
  ['Chromium without a window, by Playwright', 'automation', async (address) => {
    const headless = await chromium.launch({ executablePath: browser, args: ['--no-sandbox'] });
    try {
      await (await headless.newPage()).goto(address);
    } finally {
      await headless.close();
    }
  }],
  ['curl', 'automation', (address) => execFileSync('curl', ['-s', '-o', '/dev/null', address])],
  ['Python requests', 'automation', (address) => execFileSync(python, ['-c', 'import sys, requests; requests.get(sys.argv[1])', address])],
  ['Node fetch', 'automation', (address) => fetch(address).then((answer) => answer.arrayBuffer())],
];

const rows = ['| caller | class | score | why (weight) |', '| --- | --- | ---: | --- |'];
let wrong = 0;
for (const [name, expected, call] of callers) {
  const path = '/caller-' + name.toLowerCase().replace(/[^a-z]+/g, '-');
  await call(gateway + path);
  let decisions = [];
  for (let tries = 0; decisions.length === 0 && tries < 50; tries++) {
    await wait(100);
    const answer = await fetch(`${gateway}/v1/bot-detection/decisions?q=${path}`, { headers: { authorization: 'Bearer bot-clients' } });
    ({ decisions } = await answer.json());
  }
  assert.ok(decisions.length > 0, `${name} is not in the log`);
  const { class: taken, score, reasons } = decisions.at(-1);
  const why = reasons.slice(0, 4).map(({ text, weight }) => `${text} (${weight})`).join(' ');
  rows.push(`| ${name} | \`${taken}\` | ${score} | ${why} |`);
  console.log(`  ${taken === expected ? 'ok    ' : 'FAILED'} ${name}: ${taken}, ${score}`);
  wrong += taken === expected ? 0 : 1;
}
if (table) {
  fs.writeFileSync(table, rows.join('\n') + '\n');
}
process.exit(wrong === 0 ? 0 : 1);
