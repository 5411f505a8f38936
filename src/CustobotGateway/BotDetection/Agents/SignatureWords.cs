using CustobotGateway.Common;
using CustobotGateway.MessageSignatures.Verification;

namespace CustobotGateway.BotDetection.Agents;

/// <summary>What callers are told about signatures.</summary>
public static class SignatureWords
{
    /// <summary>How to become a verified agent, for every refusal that a signature would have prevented.</summary>
    public static readonly Remedy Remedy = new(
        "Sign your requests and be known by name: RFC 9421 with tag=\"web-bot-auth\" (or Visa TAP's tags), covering \"@authority\" and, if you send it, \"signature-agent\"; with created, expires (a day at most), "
        + "keyid (the SHA-256 thumbprint of your Ed25519, RSA-PSS or P-256 key) and a fresh nonce. Have the merchant add your agent and its key directory. GET /v1/bot-detection/signature tells how your signature was read.",
        "/v1/bot-detection/signature");

    /// <summary>The reason in words.</summary>
    public static string Of(SignatureFault fault) => fault switch
    {
        SignatureFault.None => "The signature is good, and its key is known.",
        SignatureFault.NoSignature => "The request carries no signature.",
        SignatureFault.WrongTag => "No signature has the tag web-bot-auth, agent-browser-auth or agent-payer-auth.",
        SignatureFault.NoSignatureForLabel => "A label of Signature-Input has no signature in Signature.",
        SignatureFault.Malformed => "Signature-Input or Signature is no well-formed structured field, is too long, names a component twice or one that does not exist, or covers a value that cannot be signed.",
        SignatureFault.MissingParameter => "One of created, expires and keyid is missing, or the nonce where one is required.",
        SignatureFault.CreatedInFuture => "The signature says that it is made later than now: set your clock.",
        SignatureFault.Expired => "The time of the signature is over: sign anew for each request.",
        SignatureFault.LifeTooLong => "The signature is good for longer than is let: at most a day for web-bot-auth, eight minutes for TAP.",
        SignatureFault.AuthorityNotCovered => "The signature covers neither @authority nor @target-uri: it could be shown to any host.",
        SignatureFault.PathNotCovered => "The signature does not cover @path, which TAP demands.",
        SignatureFault.AgentNotCovered => "Signature-Agent is sent and not covered by the signature.",
        SignatureFault.MissingComponent => "A covered component is not in the request, or Signature-Agent is required and absent.",
        SignatureFault.UnknownKey => "Nobody is known by that keyid here. It has to be the SHA-256 thumbprint of a key of an agent that the merchant has added.",
        SignatureFault.AlgorithmMismatch => "The parameter alg is not the algorithm of the key: leave it out, or name the key's.",
        SignatureFault.WrongAuthority => "The request was sent to a host that this gateway is not, or that the agent may not sign for.",
        SignatureFault.BadSignature => "The signature is not the key's over this request. Compare the signature base: host in lower case, @signature-params as it stands in the header.",
        SignatureFault.Replay => "The nonce was used before: each request needs a fresh one.",
        _ => "Whether the nonce was used before cannot be looked up just now; the request is answered as one without a signature.",
    };
}
