using System.Text.Json;

namespace CustobotGateway.OAuth.Jose;

/// <summary>
/// What one kind of token has to look like (RFC 8725 §3): one set of rules for each kind, so that none passes for another.
/// </summary>
public sealed record JwtRules
{
    /// <summary>More than this between two clocks is a clock to repair.</summary>
    public static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(30);

    /// <summary>The names of the algorithms that are accepted.</summary>
    public required IReadOnlyCollection<string> Algorithms { get; init; }

    /// <summary>The values of <c>typ</c> that are accepted; an empty text stands for none at all.</summary>
    public required IReadOnlyCollection<string> Types { get; init; }

    /// <summary>Whether the case of <c>typ</c> counts. It does not for access tokens (RFC 9068 §4, RFC 7515 §4.1.9).</summary>
    public bool TypeIgnoresCase { get; init; }

    /// <summary>The only <c>iss</c>, character by character; null asks for none.</summary>
    public string? Issuer { get; init; }

    /// <summary>What <c>aud</c> has to be or contain, character by character, a slash at the end included; null asks for none.</summary>
    public string? Audience { get; init; }

    /// <summary>Refuses <c>aud</c> as an array, also of one: for client assertions (RFC 7523bis, against audience injection).</summary>
    public bool AudienceIsOneText { get; init; }

    /// <summary>How far the signer's clock may be off, at most <see cref="MostSkew"/>; 10 seconds by default.</summary>
    public TimeSpan Skew
    {
        get;
        init => field = value >= TimeSpan.Zero && value <= MostSkew ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The skew is 0 to 30 seconds.");
    }
    = TimeSpan.FromSeconds(10);

    /// <summary>Whether <c>exp</c> has to be there; true by default.</summary>
    public bool RequiresExpiry { get; init; } = true;

    /// <summary>Whether <c>iat</c> has to be there.</summary>
    public bool RequiresIssuedAt { get; init; }

    /// <summary>How far ahead <c>exp</c> may lie, of now and of <c>iat</c>; null for any.</summary>
    public TimeSpan? MostLifetime { get; init; }

    /// <summary>How old <c>iat</c> may be; null for any.</summary>
    public TimeSpan? MostAge { get; init; }

    /// <summary>What is wrong with the token at that time; null if nothing is. The signature is checked apart.</summary>
    public string? FaultOf(CompactJws jws, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(jws);
        var comparer = TypeIgnoresCase ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
        return !Algorithms.Contains(jws.Algorithm.Name) ? "The token's algorithm is not allowed."
            : !Types.Contains(jws.Type ?? "", comparer) ? "The token is not of the type that belongs here."
            : Issuer is not null && jws.Payload.Text("iss") != Issuer ? "The token is of another issuer."
            : Audience is not null && !IsFor(Audience, jws.Payload) ? "The token is for another audience."
            : FaultOfTimes(jws.Payload, now);
    }

    private bool IsFor(string audience, JsonElement claims)
    {
        if (!claims.TryGetProperty("aud", out var member))
        {
            return false;
        }
        return member.ValueKind switch
        {
            JsonValueKind.String => member.ValueEquals(audience),
            JsonValueKind.Array when !AudienceIsOneText => member.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
                && member.EnumerateArray().Any(item => item.ValueEquals(audience)),
            _ => false,
        };
    }

    private string? FaultOfTimes(JsonElement claims, DateTimeOffset now)
    {
        if (!NumericDate.TryRead(claims, "exp", out var expires) || !NumericDate.TryRead(claims, "nbf", out var notBefore) || !NumericDate.TryRead(claims, "iat", out var issued))
        {
            return "The token's exp, nbf or iat is no date.";
        }
        return expires is null && RequiresExpiry ? "The token has no exp."
            : issued is null && RequiresIssuedAt ? "The token has no iat."
            : expires + Skew <= now ? "The token has expired."
            : notBefore - Skew > now ? "The token is not valid yet."
            : issued - Skew > now ? "The token was issued in the future."
            : expires <= issued ? "The token expires before it is issued."
            : issued < now - MostAge - Skew ? "The token is too old."
            : expires > now + MostLifetime + Skew || expires > issued + MostLifetime + Skew ? "The token lives too long."
            : null;
    }
}
