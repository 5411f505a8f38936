using System.Security.Cryptography;
using System.Text;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.OAuth.Dpop;

/// <summary>Checks proofs of possession (RFC 9449 §4.3).</summary>
/// <param name="nonces">The nonces of this server; null if it uses none.</param>
/// <param name="algorithms">What proofs may be signed with, asymmetric alone; <see cref="JoseAlgorithm.Recommended"/> if null.</param>
public sealed class DpopProofReader(DpopNonces? nonces, IReadOnlyCollection<string>? algorithms = null)
{
    /// <summary>The longest proof, in characters.</summary>
    public const int Longest = 4_096;

    private const int LongestId = 128;

    // RFC 9449 §11.1: a proof is for now. A clock that is ahead is forgiven less than a slow network.
    private readonly JwtRules _rules = new()
    {
        Algorithms = algorithms ?? JoseAlgorithm.Recommended,
        Types = ["dpop+jwt"],
        RequiresExpiry = false,
        RequiresIssuedAt = true,
        MostAge = TimeSpan.FromSeconds(50),
        Skew = TimeSpan.FromSeconds(10),
    };

    /// <summary>Reads the proof of a request. An error is <c>invalid_dpop_proof</c> or <c>use_dpop_nonce</c>; the latter goes with a fresh nonce in the header DPoP-Nonce.</summary>
    /// <param name="headers">The values of the DPoP header: there has to be one.</param>
    /// <param name="request">What the proof has to be about.</param>
    /// <param name="now">The time.</param>
    public Checked<DpopProof> Read(IReadOnlyList<string> headers, DpopRequest request, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(headers);
        ArgumentNullException.ThrowIfNull(request);
        if (headers is not [var text])
        {
            return Refused("A request has one DPoP proof.");
        }
        if (!CompactJws.TryParse(text, Longest, out var jws, out var fault))
        {
            return Refused(fault);
        }
        fault = _rules.FaultOf(jws, now) ?? FaultOf(jws, request);
        if (fault is not null)
        {
            return Refused(fault);
        }
        if (!jws.Header.TryGetProperty("jwk", out var json) || Jwk.Read(json, out fault) is not { } jwk)
        {
            return Refused(fault ?? "The proof has no jwk.");
        }
        using var key = VerificationKey.Create(jwk);
        if (key is null || !jws.IsSignedBy(key))
        {
            return Refused("The proof is not signed by its jwk.");
        }
        var nonce = jws.Payload.Text("nonce");
        var state = nonces is null ? NonceState.Fresh : nonces.Check(nonce, now);
        if ((jws.Payload.Has("nonce") || request.RequiresNonce) && state == NonceState.Unknown)
        {
            return new OAuthError(ErrorCodes.UseDpopNonce, "The proof needs the nonce of this answer.");
        }
        _ = NumericDate.TryRead(jws.Payload, "iat", out var issued);
        var use = new OneTimeUse("dpop-proof", SecretHash.Of($"{jwk.Thumbprint}\n{jws.Payload.Text("jti")}"), issued!.Value + _rules.MostAge!.Value + _rules.Skew + _rules.Skew);
        return new DpopProof(jwk.Thumbprint, use, state == NonceState.NearExpiry);
    }

    private static string? FaultOf(CompactJws jws, DpopRequest request) =>
        jws.Payload.Text("jti") is not { Length: > 0 and <= LongestId } ? "The proof has no jti, or a long one."
        : jws.Payload.Text("htm") != request.Method ? "The proof is for another method."
        : HttpTarget.Normalize(jws.Payload.Text("htu")) is not { } target || target != HttpTarget.Normalize(request.Uri) ? "The proof is for another address."
        : request.AccessToken is { } token && jws.Payload.Text("ath") != HashOf(token) ? "The proof is for another access token."
        : null;

    private static string HashOf(string token) => Base64UrlText.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(token)));

    private static OAuthError Refused(string why) => new(ErrorCodes.InvalidDpopProof, why);
}
