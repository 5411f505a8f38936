// A person with a browser that has no script: follows links and redirects, keeps cookies, fills forms in.
const entities = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const decode = (text) => text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, number, name) =>
  hex ? String.fromCodePoint(parseInt(hex, 16)) : number ? String.fromCodePoint(Number(number)) : (entities[name] ?? whole));
const attribute = (tag, name) => {
  const found = new RegExp(`\\s${name}(?:\\s*=\\s*"([^"]*)")?(?=[\\s/>])`, 'i').exec(tag);
  return found ? decode(found[1] ?? '') : undefined;
};

export class Person {
  #cookies = new Map();

  constructor(email, password) {
    this.email = email;
    this.password = password;
  }

  // Opens an address and does what its pages ask until the browser is sent elsewhere, or until there is nothing left to do; the last address.
  async visit(address, { decision = 'allow', until = () => false } = {}) {
    let page = await this.#go(new URL(address));
    for (let step = 0; step < 8; step++) {
      if (page.left || until(page)) return page.url;
      const form = forms(page.html).find(({ fields, buttons }) => fields.has('password') || buttons.some(([name]) => name === 'decision') || fields.has('user_code'));
      if (!form) return page.url;
      if (form.fields.has('password')) {
        form.fields.set('email', this.email);
        form.fields.set('password', this.password);
      }
      if (form.buttons.some(([name]) => name === 'decision')) form.fields.set('decision', decision);
      const target = new URL(form.action || page.url.href, page.url);
      page = form.method === 'post'
        ? await this.#go(target, { method: 'POST', body: form.fields })
        : await this.#go(new URL(`?${form.fields}`, target));
    }
    throw new Error(`the pages at ${page.url} go on for ever`);
  }

  // Opens an address; the page.
  open(address) {
    return this.#go(new URL(address));
  }

  // Sends the page's form that has the field, with its own hidden fields and these; the page that answers.
  async submit(page, field, values) {
    const form = forms(page.html).find(({ fields, boxes, buttons }) => fields.has(field) || boxes.has(field) || buttons.some(([name]) => name === field));
    if (!form) throw new Error(`no form with ${field} at ${page.url}`);
    for (const [name, value] of Object.entries(values)) form.fields.set(name, value);
    return this.#go(new URL(form.action || page.url.href, page.url), { method: 'POST', body: form.fields });
  }

  async send(address, field, values) {
    return this.submit(await this.open(address), field, values);
  }

  async #go(url, request = {}) {
    for (let hop = 0; hop < 10; hop++) {
      const headers = { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '), origin: url.origin };
      const answer = await fetch(url, { ...request, headers, redirect: 'manual' });
      for (const cookie of answer.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie);
        this.#cookies.set(name, value);
      }
      const location = answer.headers.get('location');
      if (!location) {
        const html = await answer.text();
        if (answer.status >= 400) throw new Error(`${answer.status} at ${url}: ${html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ').slice(0, 400)}`);
        return { url, html, status: answer.status };
      }
      const next = new URL(location, url);
      if (next.origin !== url.origin) return { url: next, html: '', left: true };
      [url, request] = [next, {}];
    }
    throw new Error(`${url} redirects for ever`);
  }
}

function forms(html) {
  return [...html.matchAll(/<form\b[^>]*>([\s\S]*?)<\/form>/gi)].map(([whole, inner]) => {
    const tag = /<form\b[^>]*>/i.exec(whole)[0];
    const fields = new URLSearchParams();
    const boxes = new Set();
    for (const [input] of inner.matchAll(/<input\b[^>]*>/gi)) {
      const type = attribute(input, 'type') ?? 'text';
      const name = attribute(input, 'name');
      if (name && type === 'checkbox') boxes.add(name);
      if (name && type !== 'submit' && (!['checkbox', 'radio'].includes(type) || attribute(input, 'checked') !== undefined)) fields.append(name, attribute(input, 'value') ?? '');
    }
    for (const [whole, name, options] of inner.matchAll(/<select\b[^>]*\sname="([^"]*)"[^>]*>([\s\S]*?)<\/select>/gi)) {
      const chosen = /<option\b[^>]*\sselected[^>]*>/i.exec(options)?.[0] ?? /<option\b[^>]*>/i.exec(options)?.[0] ?? '';
      if (whole) fields.set(decode(name), attribute(chosen, 'value') ?? '');
    }
    const buttons = [...inner.matchAll(/<button\b[^>]*>/gi)].map(([button]) => [attribute(button, 'name'), attribute(button, 'value')]);
    return { action: attribute(tag, 'action'), method: (attribute(tag, 'method') ?? 'get').toLowerCase(), fields, boxes, buttons };
  });
}
