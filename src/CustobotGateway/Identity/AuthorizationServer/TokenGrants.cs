using CustobotGateway.Common;
using CustobotGateway.Identity.Delegation;
using CustobotGateway.OAuth;
using CustobotGateway.OAuth.Dpop;
using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using Dapper;
using Microsoft.AspNetCore.DataProtection;
using Npgsql;
using Grant = CustobotGateway.OAuth.Grants.Grant;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>What a token request came to.</summary>
/// <param name="Response">What is answered; null if it was refused.</param>
/// <param name="Error">Why it was refused; null if it was not.</param>
/// <param name="Token">The access token, for the audit trail.</param>
/// <param name="Revoked">The grant that was revoked, because something of it was used twice.</param>
internal sealed record TokenOutcome(TokenResponse? Response, OAuthError? Error, AccessToken? Token = null, string? Revoked = null)
{
    public static implicit operator TokenOutcome(OAuthError error) => new(null, error);
}

/// <summary>
/// The grants that are redeemed once. Each is decided by the engine as a function of its row and then claimed by one conditional statement in one transaction with
/// everything that comes of it; who loses the race looks again and hears what there is to hear. Locks are taken in one order: the grant, the artifact, the proof.
/// </summary>
internal sealed class TokenGrants(
    NpgsqlDataSource database, ReplayBatches replays, TokenIssuer issuer, GrantEnding ending, AuthorizationServerOptions options, IDataProtectionProvider protection,
    TimeProvider clock)
{
    private const string Server = "authorization-server";
    // Who loses a race sees the winner's row at the second look.
    private const int Looks = 3;

    private static readonly OAuthError Unknown = new(ErrorCodes.InvalidGrant, "It is unknown, expired, used or another client's.");
    private static readonly OAuthError Ended = new(ErrorCodes.InvalidGrant, "What was granted has ended.");
    private static readonly OAuthError Replayed = new(ErrorCodes.InvalidDpopProof, "The DPoP proof was used before.");

    private readonly IDataProtector _successors = protection.CreateProtector("CustobotGateway.Identity.RefreshSuccessors");

    /// <summary>Claims a proof that belongs to nothing else that is claimed.</summary>
    public async ValueTask<OAuthError?> ClaimAsync(DpopProof? proof, CancellationToken cancellationToken) =>
        proof is null || await replays.TryUseAsync(proof.Use, cancellationToken) ? null : Replayed;

    /// <summary>Redeems an authorization code (RFC 6749 §4.1.3).</summary>
    public async Task<TokenOutcome> RedeemAsync(Caller caller, CodeTokenRequest request, CancellationToken cancellationToken)
    {
        if (request.Code.Length > SecretToken.Longest)
        {
            return Unknown;
        }
        var hash = SecretHash.Of(request.Code);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        for (var look = 0; look < Looks; look++)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var codes = new AuthorizationCodes(transaction, caller.Policy);
            if (await codes.FindAsync(hash, cancellationToken) is not { } code)
            {
                return Unknown;
            }
            var redemption = code.Redeem(request, caller.Client, caller.Proof?.Thumbprint, caller.Now);
            if (redemption.RevokesGrant)
            {
                await transaction.RollbackAsync(cancellationToken);
                return new TokenOutcome(null, redemption.Error, null, await RevokeAsync(connection, code.Grant.GrantId, cancellationToken));
            }
            if (redemption.Rights is not { } rights)
            {
                return redemption.Error!;
            }
            if (!await HoldAsync(transaction, code.Grant, caller.Now, cancellationToken))
            {
                return Ended;
            }
            if (await codes.TryConsumeAsync(hash, caller.Now, cancellationToken))
            {
                return await FinishAsync(transaction, caller, code.Grant, rights, code.Nonce, cancellationToken);
            }
        }
        return Unknown;
    }

    /// <summary>Redeems a device code (RFC 8628 §3.4).</summary>
    public async Task<TokenOutcome> RedeemAsync(Caller caller, DeviceTokenRequest request, CancellationToken cancellationToken)
    {
        if (request.DeviceCode.Length > SecretToken.Longest)
        {
            return Unknown;
        }
        var hash = SecretHash.Of(request.DeviceCode);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        for (var look = 0; look < Looks; look++)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var devices = new DeviceRequests(connection, transaction, caller.Policy);
            if (await devices.FindAsync(hash, cancellationToken) is not { } device)
            {
                return Unknown;
            }
            var redemption = device.Redeem(request, caller.Client, caller.Proof?.Thumbprint, caller.Now, out var polled);
            if (redemption.RevokesGrant && device.Grant is { } used)
            {
                await transaction.RollbackAsync(cancellationToken);
                return new TokenOutcome(null, redemption.Error, null, await RevokeAsync(connection, used.GrantId, cancellationToken));
            }
            if (redemption.Rights is not { } rights)
            {
                if (polled != device)
                {
                    await devices.PolledAsync(polled, cancellationToken);
                    await transaction.CommitAsync(cancellationToken);
                }
                return redemption.Error!;
            }
            if (!await HoldAsync(transaction, device.Grant!, caller.Now, cancellationToken))
            {
                return Ended;
            }
            if (await devices.TryConsumeAsync(hash, caller.Now, cancellationToken))
            {
                return await FinishAsync(transaction, caller, device.Grant!, rights, null, cancellationToken);
            }
        }
        return Unknown;
    }

    /// <summary>Refreshes (RFC 6749 §6, RFC 9700 §4.14).</summary>
    public async Task<TokenOutcome> RedeemAsync(Caller caller, RefreshTokenRequest request, CancellationToken cancellationToken)
    {
        if (request.RefreshToken.Length > SecretToken.Longest)
        {
            return Unknown;
        }
        var hash = SecretHash.Of(request.RefreshToken);
        var leeway = TimeSpan.FromSeconds(options.RefreshReuseLeewaySeconds);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        for (var look = 0; look < Looks; look++)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            var tokens = new RefreshTokens(transaction, caller.Policy);
            if (await tokens.FindAsync(hash, cancellationToken) is not { } token)
            {
                return Unknown;
            }
            var decision = token.Redeem(request, caller.Client, caller.Proof?.Thumbprint, leeway, caller.Now);
            if (decision.Step == RefreshStep.RevokeFamily)
            {
                await transaction.RollbackAsync(cancellationToken);
                return new TokenOutcome(null, decision.Error, null, await RevokeAsync(connection, token.Grant.GrantId, cancellationToken));
            }
            if (decision.Rights is not { } rights)
            {
                return decision.Error!;
            }
            if (!await HoldAsync(transaction, token.Grant, caller.Now, cancellationToken))
            {
                return Ended;
            }
            var next = request.RefreshToken;
            if (decision.Step == RefreshStep.Repeat)
            {
                next = _successors.Unprotect(System.Text.Encoding.UTF8.GetString(token.SealedSuccessor!));
            }
            else if (decision.Step == RefreshStep.Rotate)
            {
                next = SecretToken.Create();
                var successor = token.Successor(SecretHash.Of(next), TimeSpan.FromDays(options.RefreshTokenDays), caller.Now);
                var kept = leeway > TimeSpan.Zero ? System.Text.Encoding.UTF8.GetBytes(_successors.Protect(next)) : null;
                if (!await tokens.TryRotateAsync(hash, successor, kept, caller.Now, cancellationToken))
                {
                    continue;
                }
            }
            return await FinishAsync(transaction, caller, token.Grant, rights, null, cancellationToken, next);
        }
        return Unknown;
    }

    /// <summary>Ends a grant for good; its id if it was not ended before.</summary>
    public async Task<string?> RevokeAsync(NpgsqlConnection connection, string grantId, CancellationToken cancellationToken, string actor = Server)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var ended = await ending.RevokeAsync(transaction, grantId, actor, clock.GetUtcNow(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return ended is null ? null : grantId;
    }

    /// <summary>
    /// Holds the grant for the transaction. A client or a person that was disabled since gets nothing from it, whatever this gateway still has in memory.
    /// </summary>
    public static async Task<bool> HoldAsync(NpgsqlTransaction transaction, Grant grant, DateTimeOffset now, CancellationToken cancellationToken) =>
        await Grants.HoldAsync(transaction, grant.GrantId, now, cancellationToken)
        && await transaction.Connection!.QuerySingleAsync<bool>(new CommandDefinition(
            "select not exists (select 1 from identity.clients where client_id = @ClientId and not enabled)", new { grant.ClientId }, transaction, cancellationToken: cancellationToken));

    // The refresh token, the proof, and then nothing that could fail: what is committed is answered.
    private async Task<TokenOutcome> FinishAsync(
        NpgsqlTransaction transaction, Caller caller, Grant grant, TokenRights rights, string? nonce, CancellationToken cancellationToken, string? refresh = null)
    {
        var isFirst = refresh is null;
        if (isFirst && caller.Client.MayUse(GrantTypes.RefreshToken))
        {
            refresh = SecretToken.Create();
            await new RefreshTokens(transaction, caller.Policy).AddAsync(new RefreshToken
            {
                Hash = SecretHash.Of(refresh),
                FamilyId = Ids.New("rfm", clock),
                Grant = grant,
                Thumbprint = caller.Proof?.Thumbprint,
                IssuedAt = caller.Now,
                ExpiresAt = caller.Now.AddDays(Math.Min(options.RefreshTokenDays, options.RefreshFamilyDays)),
                FamilyExpiresAt = caller.Now.AddDays(options.RefreshFamilyDays),
            }, cancellationToken);
        }
        if (!caller.Client.IsVerified)
        {
            // So that a client which registered itself is not forgotten while it is used.
            await transaction.Connection!.ExecuteAsync(new CommandDefinition(
                "update identity.clients set used_at = @Now where client_id = @ClientId and used_at < @Now - interval '1 day'",
                new { caller.Now, caller.Client.ClientId }, transaction, cancellationToken: cancellationToken));
        }
        var token = issuer.From(caller, grant, rights);
        var answer = issuer.Answer(token, caller.Now);
        answer = answer with
        {
            RefreshToken = refresh,
            IdToken = isFirst ? issuer.IdTokenFor(caller.Client, grant, caller.Policy.Issuer, nonce, answer.AccessToken, caller.Now) : null,
        };
        if (caller.Proof is { } proof && !await new Replays(transaction).TryUseAsync(proof.Use, cancellationToken))
        {
            return Replayed;
        }
        await transaction.CommitAsync(cancellationToken);
        return new TokenOutcome(answer, null, token);
    }
}
