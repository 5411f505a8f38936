using System.Runtime.CompilerServices;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Tokens;

namespace CustobotGateway.OAuth.Clients;

/// <summary>A client that proved who it is.</summary>
/// <param name="Client">The client.</param>
/// <param name="Assertion">The assertion's use, to be claimed by <see cref="Storage.IReplays"/> before anything else happens; null if none was sent.</param>
public sealed record AuthenticatedClient(Client Client, OneTimeUse? Assertion);

/// <summary>Something that may be used once: until it would not be accepted anyway, another use is a replay.</summary>
/// <param name="Purpose">What kind of thing; keys of two kinds do not meet.</param>
/// <param name="Key">Which one.</param>
/// <param name="Expires">When it can be forgotten.</param>
public sealed record OneTimeUse(string Purpose, SecretHash Key, DateTimeOffset Expires);

/// <summary>Checks the proof that a client brings (RFC 6749 §2.3, RFC 7523 §3).</summary>
public sealed class ClientAuthentication
{
    private const string Unproven = "The client is unknown, or did not authenticate as it is registered.";
    private const int LongestId = 128;

    // Compared where there is no client, so that an unknown id takes as long as a wrong secret.
    private static readonly SecretHash Nobody = SecretHash.Of("");

    // Preparing a key costs more than verifying with it; they go when their client does.
    private static readonly ConditionalWeakTable<JwkSet, VerificationKeys> Prepared = [];

    private readonly JwtRules _assertionRules;

    /// <summary>Checks for this server.</summary>
    /// <param name="issuer">The server's identifier: the only audience of an assertion, as a single text (RFC 7523bis §3, against audience injection).</param>
    /// <param name="algorithms">What assertions may be signed with; <see cref="JoseAlgorithm.Recommended"/> if null.</param>
    public ClientAuthentication(string issuer, IReadOnlyCollection<string>? algorithms = null) => _assertionRules = new JwtRules
    {
        Algorithms = algorithms ?? JoseAlgorithm.Recommended,
        Types = ["", "JWT", "client-authentication+jwt"],
        Audience = issuer,
        AudienceIsOneText = true,
        MostLifetime = TimeSpan.FromMinutes(5),
        MostAge = TimeSpan.FromMinutes(5),
    };

    /// <summary>
    /// The client, if it is the one that is presented and proves it in its registered way. Whether the client is unknown, disabled or wrong is not told.
    /// </summary>
    public Checked<AuthenticatedClient> Verify(PresentedClient presented, Client? registered, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(presented);
        var known = registered is { IsEnabled: true } && registered.ClientId == presented.ClientId && registered.AuthMethod == presented.Method;
        return presented.Method switch
        {
            AuthMethods.None when known => new AuthenticatedClient(registered!, null),
            AuthMethods.SecretBasic or AuthMethods.SecretPost when HasSecret(known ? registered!.Secrets : [Nobody], presented.Secret) && known =>
                new AuthenticatedClient(registered!, null),
            AuthMethods.PrivateKeyJwt when presented.Assertion is { } assertion => VerifyAssertion(assertion, presented.ClientId, known ? registered : null, now),
            _ => Refused(Unproven),
        };
    }

    // What is wrong with the assertion itself is told to anyone; whether the client exists is not.
    private Checked<AuthenticatedClient> VerifyAssertion(CompactJws assertion, string clientId, Client? client, DateTimeOffset now)
    {
        var id = assertion.Payload.Text("jti");
        var fault = assertion.Payload.Text("iss") != clientId || assertion.Payload.Text("sub") != clientId ? "The client assertion is about another client."
            : id is null or { Length: 0 or > LongestId } ? "The client assertion has no jti, or a long one."
            : _assertionRules.FaultOf(assertion, now);
        if (fault is not null)
        {
            return Refused(fault);
        }
        if (client is null || !Prepared.GetValue(client.Keys, static keys => new VerificationKeys(keys)).Verify(assertion))
        {
            return Refused(Unproven);
        }
        // The rules made sure that exp is there and near.
        _ = NumericDate.TryRead(assertion.Payload, "exp", out var expires);
        return new AuthenticatedClient(client, new OneTimeUse("client-assertion", SecretHash.Of($"{clientId}\n{id}"), expires!.Value + _assertionRules.Skew));
    }

    private static bool HasSecret(IReadOnlyList<SecretHash> hashes, string? secret)
    {
        var hash = SecretHash.Of(secret ?? "");
        var found = false;
        foreach (var known in hashes)
        {
            found |= known.Equals(hash);
        }
        return found && !string.IsNullOrEmpty(secret);
    }

    private static OAuthError Refused(string why) => new(ErrorCodes.InvalidClient, why);
}
