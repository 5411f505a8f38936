// Passkeys on the login page and on the page of an account (W3C Web Authentication, Level 3). The pages work without this: whoever cannot run it uses the password.

const unanswered = "That did not work, or was called off. You can try it again.";

// A question is good for five minutes at the server; a field that waits for longer asks anew, for an hour at most.
const renewAfterMilliseconds = 4 * 60 * 1000;
const mostRenewals = 15;

// What waits in the form's field, so that a press of the button can end it: a browser asks one thing at a time.
let waiting = new AbortController();

async function optionsFor(form) {
  const answer = await fetch(form.dataset.options, { method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin", redirect: "error" });
  const said = await answer.json().catch(() => null);
  if (!answer.ok || said === null) {
    throw new Error(said?.message ?? unanswered);
  }
  return said;
}

async function ask(form, how) {
  const { options, state } = await optionsFor(form);
  const credential = form.dataset.passkey === "create"
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options), ...how })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options), ...how });
  form.elements.credential.value = JSON.stringify(credential);
  form.elements.state.value = state;
  if (form.elements.password) {
    // It was checked with the question and is not sent twice.
    form.elements.password.value = "";
  }
  form.submit();
}

function show(form, failure) {
  const place = form.querySelector("[role=alert]");
  place.textContent = failure instanceof DOMException
    ? { InvalidStateError: "This device has a passkey for your account already.", SecurityError: "Passkeys work at the gateway's own address only." }[failure.name] ?? unanswered
    : failure.message;
  place.hidden = false;
}

async function pressed(form) {
  const button = form.querySelector("button");
  button.disabled = true;
  form.querySelector("[role=alert]").hidden = true;
  waiting.abort();
  try {
    await ask(form, {});
  } catch (failure) {
    show(form, failure);
    button.disabled = false;
    button.focus();
  }
}

// Offers passkeys where the browser fills in the address; says nothing when the person does not take one.
async function waitInField(form) {
  for (let renewals = 0; renewals < mostRenewals; renewals++) {
    const mine = waiting = new AbortController();
    let renew = false;
    const timer = setTimeout(() => { renew = true; mine.abort(); }, renewAfterMilliseconds);
    try {
      await ask(form, { mediation: "conditional", signal: mine.signal });
      return;
    } catch {
      if (!renew) {
        return;
      }
    } finally {
      clearTimeout(timer);
    }
  }
}

if (typeof PublicKeyCredential === "function" && "parseRequestOptionsFromJSON" in PublicKeyCredential) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", event => {
      event.preventDefault();
      pressed(form);
    });
  }
  const login = document.querySelector("form[data-passkey=get]");
  if (login && await PublicKeyCredential.isConditionalMediationAvailable?.()) {
    await waitInField(login);
  }
}
