using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Messages;

namespace CustobotGateway.OAuth.Metadata;

/// <summary>What a protected resource says of itself (RFC 9728 §2).</summary>
public sealed record ResourceMetadata
{
    /// <summary>The resource; its identifier is written as it is.</summary>
    public required ProtectedResource Resource { get; init; }

    /// <summary>The issuers whose tokens are accepted, each as it writes itself.</summary>
    public required IReadOnlyList<string> AuthorizationServers { get; init; }

    /// <summary>What proofs may be signed with.</summary>
    public IReadOnlyList<string> DpopAlgorithms { get; init; } = JoseAlgorithm.Recommended;

    /// <summary>The types of authorization details that mean something here.</summary>
    public IReadOnlyList<string> AuthorizationDetailsTypes { get; init; } = [];

    /// <summary>What people are shown; null leaves it out.</summary>
    public string? Name { get; init; }

    /// <summary>Where developers read on; null leaves it out.</summary>
    public string? Documentation { get; init; }

    /// <summary>Whether every token has to be bound to a key.</summary>
    public bool RequiresDpop { get; init; }

    /// <summary>The document. Tokens come in the header alone.</summary>
    public byte[] ToJson() => JsonText.Write(json =>
    {
        json.WriteString("resource", Resource.Identifier);
        json.WriteStrings("authorization_servers", AuthorizationServers);
        json.WriteStrings("scopes_supported", Resource.Scopes.Values);
        json.WriteStrings("bearer_methods_supported", ["header"]);
        json.WriteStrings("dpop_signing_alg_values_supported", DpopAlgorithms);
        json.WriteBoolean("dpop_bound_access_tokens_required", RequiresDpop);
        if (AuthorizationDetailsTypes.Count > 0)
        {
            json.WriteStrings("authorization_details_types_supported", AuthorizationDetailsTypes);
        }
        json.WriteIfGiven("resource_name", Name);
        json.WriteIfGiven("resource_documentation", Documentation);
    });
}
