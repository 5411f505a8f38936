namespace CustobotGateway.Identity.ResourceServer;

/// <summary>The issuers whose tokens are accepted, by the mode that is set.</summary>
internal sealed class TrustedIssuers(AuthOptions options, OwnIssuer own, IEnumerable<ExternalIssuer> external)
{
    private readonly Dictionary<string, ExternalIssuer> _external = external.ToDictionary(issuer => issuer.Identifier, StringComparer.Ordinal);

    /// <summary>Their identifiers, as protected-resource metadata name them.</summary>
    public IReadOnlyList<string> Identifiers => [.. AcceptsOwn ? [own.Identifier] : Array.Empty<string>(), .. _external.Keys];

    private bool AcceptsOwn => options.Mode != AuthMode.External;

    /// <summary>The issuer of that name; null for everybody else, of whom nothing is ever fetched.</summary>
    public TrustedIssuer? Find(string? issuer) =>
        issuer is null ? null
        : AcceptsOwn && string.Equals(issuer, own.Identifier, StringComparison.Ordinal) ? own
        : _external.GetValueOrDefault(issuer);
}
