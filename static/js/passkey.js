/* Passkeys: forms marked data-passkey="login|authenticate|create" ask the browser, fill `credential` and go. */
(() => {
  if (!window.PublicKeyCredential) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const pageOptions = () => JSON.parse(document.getElementById("passkey-options").textContent);

  async function get(publicKey) {
    const found = await navigator.credentials.get({
      publicKey: { ...publicKey, challenge: bytes(publicKey.challenge), allowCredentials: known(publicKey.allowCredentials) },
    });
    const { authenticatorData, clientDataJSON, signature, userHandle } = found.response;
    return {
      type: found.type, id: found.id, rawId: text(found.rawId),
      authenticatorAttachment: found.authenticatorAttachment, clientExtensionResults: found.getClientExtensionResults(),
      response: {
        authenticatorData: text(authenticatorData), clientDataJSON: text(clientDataJSON),
        signature: text(signature), userHandle: userHandle ? text(userHandle) : null,
      },
    };
  }

  async function create(publicKey, passwordless) {
    const selection = { ...publicKey.authenticatorSelection, residentKey: passwordless ? "required" : "discouraged", requireResidentKey: passwordless };
    if (passwordless) selection.userVerification = "required";
    const made = await navigator.credentials.create({
      publicKey: {
        ...publicKey, challenge: bytes(publicKey.challenge), user: { ...publicKey.user, id: bytes(publicKey.user.id) },
        excludeCredentials: known(publicKey.excludeCredentials), authenticatorSelection: selection,
        extensions: { ...publicKey.extensions, credProps: true },
      },
    });
    return {
      type: made.type, id: made.id, rawId: text(made.rawId),
      authenticatorAttachment: made.authenticatorAttachment, clientExtensionResults: made.getClientExtensionResults(),
      response: {
        attestationObject: text(made.response.attestationObject), clientDataJSON: text(made.response.clientDataJSON),
        transports: made.response.getTransports ? made.response.getTransports() : [],
      },
    };
  }

  async function ask(form) {
    const kind = form.dataset.passkey;
    if (kind === "create") {
      const box = form.elements.namedItem("passwordless");
      return create(pageOptions().creation_options.publicKey, Boolean(box && box.checked));
    }
    if (kind === "authenticate") return get(pageOptions().request_options.publicKey);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    return get((await answer.json()).request_options.publicKey);
  }

  const words = (error) =>
    error.name === "NotAllowedError" ? "Kunci sandi belum terpakai. Coba lagi, atau pakai cara lain."
    : error.name === "InvalidStateError" ? "Gawai ini sudah punya kunci sandi untuk akun Anda."
    : "Kunci sandi tidak dapat dipakai di peramban ini. Pakai cara lain.";

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-passkey]");
    if (!form) return;
    event.preventDefault();
    const error = form.querySelector("[data-passkey-error]");
    if (error) error.hidden = true;
    try {
      form.elements.namedItem("credential").value = JSON.stringify(await ask(form));
      form.submit();
    } catch (reason) {
      const button = form.querySelector("button.is-busy");
      if (button) button.classList.remove("is-busy");
      if (error) { error.textContent = words(reason); error.hidden = false; }
    }
  });
  for (const form of document.querySelectorAll("form[data-passkey][hidden]")) form.hidden = false;
})();
