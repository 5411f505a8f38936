using System.Text.Json;
using CustobotGateway.Common.Http;
using CustobotGateway.Identity.AuthorizationServer;
using CustobotGateway.Identity.Keys;
using CustobotGateway.Identity.TestMode;
using CustobotGateway.OAuth;
using CustobotGateway.OAuth.Challenges;
using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Dpop;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Tokens;
using Microsoft.AspNetCore.Http.Features;
using Npgsql;

namespace CustobotGateway.Identity.ResourceServer;

/// <summary>
/// Recognises callers by access tokens of the trusted issuers (RFC 9068 §4) and by their proofs (RFC 9449 §7). What a signature says is remembered by the
/// token's hash; whether the token was revoked, and whether it is bound as it is presented, is asked every time.
/// </summary>
internal sealed class AccessTokenRecognizer(
    TrustedIssuers issuers, Revocations revocations, SharedSecrets secrets, PublicUrl url, AccessOptions options, ReplayBatches replays,
    TestClocks testClocks, TimeProvider clock)
    : ITokenRecognizer
{
    /// <summary>What the nonces of resources are for; those of the authorization server are others (RFC 9449 §9).</summary>
    public const string NoncePurpose = "resource-server";

    private static readonly OAuthError UnknownIssuer = new(ErrorCodes.InvalidToken, "The token is malformed or of an issuer that is not trusted here.");
    private static readonly OAuthError NoKeys = new(ErrorCodes.InvalidToken, "The keys of the token's issuer cannot be had now.");
    private static readonly OAuthError ExpiredInTest = new(ErrorCodes.InvalidToken, "The token has expired: the test clock was put forward since it was issued.");
    private static readonly OAuthError Revoked = new(ErrorCodes.InvalidToken, "The token was revoked.");
    private static readonly OAuthError TooLong = new(ErrorCodes.InvalidToken, "The token lives longer than is accepted.");
    private static readonly OAuthError NotBound = new(ErrorCodes.InvalidToken, "A token has to be bound to a key here.");

    private readonly TokenCache _cache = new(options.RememberedTokens);
    private DpopProofReader? _proofs;

    public ValueTask<Recognized> RecognizeAsync(PresentedToken presented, ApiResource resource, HttpContext context)
    {
        var now = clock.GetUtcNow();
        var key = TokenKey.Of(presented.Token);
        return _cache.Find(key) is { } known && known.Until > now && ReferenceEquals(known.Resource, resource)
            ? known.Token.IsTest ? InTestTimeAsync(known, Decide(known, presented, context, now), now, context.RequestAborted) : new(Decide(known, presented, context, now))
            : ValidateAsync(key, presented, resource, context, now);
    }

    public ValueTask<bool> TryClaimAsync(OneTimeUse proof, CancellationToken cancellationToken) => replays.TryUseAsync(proof, cancellationToken);

    private async ValueTask<Recognized> ValidateAsync(TokenKey key, PresentedToken presented, ApiResource resource, HttpContext context, DateTimeOffset now)
    {
        if (!CompactJws.TryParse(presented.Token, AccessTokenReader.Longest, out var jws, out _)
            || !jws.Payload.TryGetProperty("iss", out var iss) || iss.ValueKind != JsonValueKind.String || issuers.Find(iss.GetString()) is not { } issuer)
        {
            return new Recognized(null, UnknownIssuer);
        }
        if (await issuer.KeysAsync(jws.KeyId, context.RequestAborted) is not { } keys)
        {
            return issuer.IsOwn ? throw Unknown() : new Recognized(null, NoKeys);
        }
        if (!issuer.Reader.Read(jws, presented.Token, keys, issuer.AudienceOf(resource), now).TryGet(out var token, out var error))
        {
            return new Recognized(null, error);
        }
        if (token.ExpiresAt - now > Revocations.LongestToken)
        {
            return new Recognized(null, TooLong);
        }
        var (agent, holds) = await issuer.PrincipalOfAsync(token, context.RequestAborted);
        var until = holds is { } time && now + time < token.ExpiresAt ? now + time : token.ExpiresAt;
        var validated = new ValidatedToken(token, issuer, resource, new Recognized(agent), until);
        _cache.Add(key, validated);
        var recognized = Decide(validated, presented, context, now);
        return token.IsTest ? await InTestTimeAsync(validated, recognized, now, context.RequestAborted) : recognized;
    }

    // By how much its clock is ahead is asked each time: it is put forward at once, on every gateway.
    private async ValueTask<Recognized> InTestTimeAsync(ValidatedToken known, Recognized recognized, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (recognized.Agent is not { } agent)
        {
            return recognized;
        }
        var (ahead, sinceIssued) = await testClocks.AheadAsync(known.Token.ClientId, known.Token.IssuedAt, cancellationToken);
        return now + sinceIssued >= known.Token.ExpiresAt ? new Recognized(null, ExpiredInTest) : recognized with { Agent = agent with { ClockAhead = ahead } };
    }

    private Recognized Decide(ValidatedToken known, PresentedToken presented, HttpContext context, DateTimeOffset now)
    {
        if (!revocations.IsCurrent)
        {
            throw Unknown();
        }
        if (revocations.IsRevoked(known.Token, known.Issuer.IsOwn))
        {
            return new Recognized(null, Revoked);
        }
        return presented.IsDpop ? Prove(known, presented, context, now)
            : presented.FaultOfBinding(known.Token.Thumbprint, null) is { } fault ? new Recognized(null, fault)
            : options.RequireDpop ? new Recognized(null, NotBound)
            : known.Recognized;
    }

    private Recognized Prove(ValidatedToken known, PresentedToken presented, HttpContext context, DateTimeOffset now)
    {
        var nonces = secrets.Nonces(NoncePurpose);
        _proofs ??= new DpopProofReader(nonces);
        var request = new DpopRequest(context.Request.Method, AddressOf(context), presented.Token, options.RequireDpopNonce);
        if (!_proofs.Read([.. context.Request.Headers["DPoP"].OfType<string>()], request, now).TryGet(out var proof, out var error))
        {
            return new Recognized(null, error, Nonce: error.Code == ErrorCodes.UseDpopNonce ? nonces.Create(now) : null);
        }
        return presented.FaultOfBinding(known.Token.Thumbprint, proof.Thumbprint) is { } fault
            ? new Recognized(null, fault)
            : known.Recognized with { Proof = proof.Use, Nonce = proof.WantsNextNonce ? nonces.Create(now) : null };
    }

    // By the public URL, since the Host header is the caller's; the path as it was sent, since decoding and encoding again may spell it otherwise.
    private string AddressOf(HttpContext context) =>
        context.Features.Get<IHttpRequestFeature>()?.RawTarget is ['/', ..] target ? url.Base + target : url.Base + context.Request.Path.ToUriComponent();

    // Answered as what it is: the database is away.
    private static NpgsqlException Unknown() => new("What was revoked, or what tokens are signed with, is not known now.", new TimeoutException());
}
