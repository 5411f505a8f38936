using System.Diagnostics.CodeAnalysis;
using CustobotGateway.Common;

namespace CustobotGateway.Catalog.Products;

/// <summary>How a caller names a product: by its id (<c>prd_…</c>) or by the merchant's own key (<c>external_id:KEY</c>).</summary>
public readonly record struct ProductReference : IParsable<ProductReference>
{
    /// <summary>The prefix of ids.</summary>
    public const string IdPrefix = "prd";

    private const string KeyPrefix = "external_id:";

    /// <summary>The number in the id; null where the merchant's key is named, and 0, which no product has, where the text is neither.</summary>
    public long? Number { get; private init; }

    /// <summary>The merchant's own key, or null.</summary>
    public string? ExternalId { get; private init; }

    /// <summary>The product of that number.</summary>
    public static ProductReference OfNumber(long number) => new() { Number = number };

    /// <summary>The product of that key of the merchant's.</summary>
    public static ProductReference OfExternalId(string externalId) => new() { ExternalId = externalId };

    /// <inheritdoc/>
    public static ProductReference Parse(string s, IFormatProvider? provider) =>
        s.StartsWith(KeyPrefix, StringComparison.Ordinal)
            // A slash inside a path segment stays escaped when the framework has decoded the rest.
            ? OfExternalId(s[KeyPrefix.Length..].Replace("%2F", "/", StringComparison.OrdinalIgnoreCase))
            : OfNumber(Ids.TryGetNumber(IdPrefix, s, out var number) ? number : 0);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out ProductReference result)
    {
        result = s is null ? default : Parse(s, provider);
        return s is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => ExternalId is null ? Ids.FromNumber(IdPrefix, Number ?? 0) : KeyPrefix + ExternalId;
}
