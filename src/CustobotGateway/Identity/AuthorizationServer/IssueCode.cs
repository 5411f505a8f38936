using CustobotGateway.Common.Preferences;
using CustobotGateway.OAuth.Grants;
using CustobotGateway.OAuth.Messages;
using CustobotGateway.OAuth.Tokens;
using Npgsql;

namespace CustobotGateway.Identity.AuthorizationServer;

/// <summary>A person agreed to an authorization request: the grant and its code come into being, and the pushed request is used up, all in one transaction.</summary>
public static class IssueCode
{
    /// <summary>The code to send to <see cref="AuthorizationRequest.RedirectUri"/>; null if the pushed request was used or has expired meanwhile, and then nothing is stored.</summary>
    /// <param name="transaction">The caller's, to commit where there is a code and to roll back where there is none.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="granted">What the person granted of it, with an empty id.</param>
    /// <param name="pushed">The hash of the pushed request's reference; null if it was not pushed.</param>
    /// <param name="policy">What the server offers.</param>
    /// <param name="clock">Time and ids.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="timeZone">Where the days of its mandates begin (IANA).</param>
    /// <param name="preferences">What the person would rather have, checked before; null where nothing was said.</param>
    public static async Task<string?> RunAsync(
        NpgsqlTransaction transaction, AuthorizationRequest request, Grant granted, SecretHash? pushed, ServerPolicy policy, TimeProvider clock, CancellationToken cancellationToken,
        string timeZone = "UTC", BuyingPreferences? preferences = null)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(granted);
        ArgumentNullException.ThrowIfNull(clock);
        var now = clock.GetUtcNow();
        if (pushed is not null && !await new PushedRequests(transaction.Connection!, transaction).TryConsumeAsync(pushed, now, cancellationToken))
        {
            return null;
        }
        var grant = await Grants.CreateAsync(transaction, granted, granted.Subject, clock, cancellationToken, timeZone: timeZone);
        if (preferences is not null)
        {
            await Delegation.SetPreferences.KeepAsync(transaction, grant.GrantId, granted.Subject, preferences, now, cancellationToken);
        }
        var code = SecretToken.Create();
        await new AuthorizationCodes(transaction, policy).AddAsync(new AuthorizationCode
        {
            Hash = SecretHash.Of(code),
            Grant = grant,
            RedirectUri = request.RedirectUri,
            RedirectUriWasSent = request.RedirectUriWasSent,
            CodeChallenge = request.CodeChallenge,
            DpopThumbprint = request.DpopThumbprint,
            Nonce = request.Nonce,
            ExpiresAt = now + AuthorizationCode.Lifetime,
        }, cancellationToken);
        return code;
    }
}
