using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace CustobotGateway.Common.Http;

/// <summary>Versions of resources as entity tags (RFC 9110 §8.8.3) and the preconditions of a request (§13.1).</summary>
/// <param name="IfMatch">The versions that If-Match names; null where the header is missing or <c>*</c>. Empty where it names none of ours: nothing matches.</param>
/// <param name="MustExist">Whether the resource has to exist: If-Match was sent.</param>
/// <param name="MustNotExist">Whether the resource may not exist: <c>If-None-Match: *</c>.</param>
internal sealed record ETags(long[]? IfMatch, bool MustExist, bool MustNotExist)
{
    /// <summary>No precondition.</summary>
    public static readonly ETags None = new(null, false, false);

    /// <summary>The preconditions of a request that writes.</summary>
    public static ETags Of(HttpRequest request)
    {
        var headers = request.GetTypedHeaders();
        var match = headers.IfMatch;
        return new ETags(
            match.Count == 0 || match.Any(tag => tag.Equals(EntityTagHeaderValue.Any)) ? null : [.. match.Where(tag => !tag.IsWeak).Select(VersionOf).OfType<long>()],
            !StringValues.IsNullOrEmpty(request.Headers.IfMatch),
            headers.IfNoneMatch.Any(tag => tag.Equals(EntityTagHeaderValue.Any)));
    }

    /// <summary>Whether a version may be changed.</summary>
    public bool Allows(long version) => !MustNotExist && (IfMatch is null ? true : IfMatch.Contains(version));

    /// <summary>The tag of a version; a representation in another media type or language has its own.</summary>
    public static string Tag(long version, string? representation = null) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{version}{(string.IsNullOrEmpty(representation) ? "" : "-" + representation)}\"");

    /// <summary>Whether If-None-Match says that the caller has this already: the answer is 304.</summary>
    public static bool IsKnown(HttpRequest request, string tag) =>
        request.GetTypedHeaders().IfNoneMatch.Any(known => known.Tag == tag || known.Equals(EntityTagHeaderValue.Any));

    private static long? VersionOf(EntityTagHeaderValue tag) =>
        long.TryParse(tag.Tag.AsSpan().Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : null;
}
