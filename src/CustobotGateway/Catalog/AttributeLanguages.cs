using Microsoft.Net.Http.Headers;

namespace CustobotGateway.Catalog;

/// <summary>Chooses the language of descriptions.</summary>
public static class AttributeLanguages
{
    /// <summary>The language of titles and descriptions that name none.</summary>
    public const string Default = "en";

    /// <summary>The language that is shipped besides <see cref="Default"/>.</summary>
    public const string Mexican = "es-MX";

    private const int LongestHeader = 500;

    /// <summary>The best of the languages that labels come in for an <c>Accept-Language</c> (RFC 4647 §3.4, with any region of the same language as a last resort).</summary>
    public static string Choose(string? acceptLanguage, AttributeRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        if (acceptLanguage is null or { Length: 0 or > LongestHeader } || !StringWithQualityHeaderValue.TryParseList([acceptLanguage], out var ranges))
        {
            return Default;
        }
        foreach (var range in ranges.Where(range => range.Quality is not 0).OrderByDescending(range => range.Quality ?? 1))
        {
            var tag = range.Value.ToString();
            for (var at = tag.Length; at > 0; at = tag.LastIndexOf('-', at - 1))
            {
                if (registry.Languages.FirstOrDefault(language => language.AsSpan().Equals(tag.AsSpan(0, at), StringComparison.OrdinalIgnoreCase)) is { } language)
                {
                    return language;
                }
            }
            var primary = tag.Split('-')[0];
            if (registry.Languages.FirstOrDefault(language => language.StartsWith(primary + "-", StringComparison.OrdinalIgnoreCase)) is { } sibling)
            {
                return sibling;
            }
            if (tag == "*")
            {
                return Default;
            }
        }
        return Default;
    }
}
