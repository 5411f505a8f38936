using CustobotGateway.OAuth;
using CustobotGateway.OAuth.Challenges;
using CustobotGateway.OAuth.Clients;

namespace CustobotGateway.Common.Http;

/// <summary>What a presented token comes to.</summary>
/// <param name="Agent">Who calls; null where the token is refused.</param>
/// <param name="Error">Why it is refused; null where it is not.</param>
/// <param name="Proof">What the proof of possession uses up, claimed when everything else about the request is right; null without one.</param>
/// <param name="Nonce">The nonce that the answer carries (RFC 9449 §8.2, §9); null for none.</param>
public sealed record Recognized(AgentPrincipal? Agent, OAuthError? Error = null, OneTimeUse? Proof = null, string? Nonce = null)
{
    /// <summary>A token that nobody knows.</summary>
    public static readonly Recognized Unknown = new(null, new OAuthError(ErrorCodes.InvalidToken, "The token is unknown, expired or revoked."));
}

/// <summary>Recognises callers by an opaque token; a module adds one for the tokens that it issues.</summary>
public interface IRecognizer
{
    /// <summary>Who the token belongs to, or null when it is none of this recognizer's.</summary>
    ValueTask<AgentPrincipal?> RecognizeAsync(string bearerToken, CancellationToken cancellationToken);
}

/// <summary>Recognises callers by signed access tokens (RFC 9068) and by the proofs that belong to them (RFC 9449).</summary>
public interface ITokenRecognizer
{
    /// <summary>Who the token belongs to, or why it is refused.</summary>
    /// <param name="presented">The token and its scheme.</param>
    /// <param name="resource">What the request is for; a token for anything else is refused.</param>
    /// <param name="context">The request, for the proof to be about.</param>
    ValueTask<Recognized> RecognizeAsync(PresentedToken presented, ApiResource resource, HttpContext context);

    /// <summary>Uses the proof up: true for the first caller, of any number at once.</summary>
    ValueTask<bool> TryClaimAsync(OneTimeUse proof, CancellationToken cancellationToken);
}
