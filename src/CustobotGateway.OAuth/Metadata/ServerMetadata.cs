using CustobotGateway.OAuth.Clients;
using CustobotGateway.OAuth.Jose;
using CustobotGateway.OAuth.Messages;

namespace CustobotGateway.OAuth.Metadata;

/// <summary>Where the endpoints are, as absolute addresses by the configured public URL.</summary>
/// <param name="Authorization">RFC 6749 §3.1.</param>
/// <param name="Token">RFC 6749 §3.2.</param>
/// <param name="Jwks">The key set (RFC 7517 §5).</param>
/// <param name="PushedAuthorization">RFC 9126 §2.</param>
/// <param name="Introspection">RFC 7662 §2.</param>
/// <param name="Revocation">RFC 7009 §2.</param>
/// <param name="DeviceAuthorization">RFC 8628 §3.1.</param>
/// <param name="Registration">RFC 7591 §3; null if clients are not registered by themselves.</param>
/// <param name="UserInfo">OpenID Connect Core §5.3; null if there is none.</param>
public sealed record Endpoints(
    string Authorization, string Token, string Jwks, string PushedAuthorization, string Introspection, string Revocation,
    string DeviceAuthorization, string? Registration, string? UserInfo = null);

/// <summary>
/// What the server says of itself (RFC 8414 §2, OpenID Connect Discovery §3): the same bytes at both addresses. What would mean something weak when left
/// out (implicit, request_uri) is always said.
/// </summary>
public sealed record ServerMetadata
{
    private static readonly string[] AuthenticatedEndpoints = ["token", "revocation"];

    /// <summary>What is known and offered.</summary>
    public required ServerPolicy Policy { get; init; }

    /// <summary>Where.</summary>
    public required Endpoints Endpoints { get; init; }

    /// <summary>What ID tokens are signed with.</summary>
    public IReadOnlyList<string> SigningAlgorithms { get; init; } = [JoseAlgorithm.ES256];

    /// <summary>What assertions and proofs may be signed with.</summary>
    public IReadOnlyList<string> ClientAlgorithms { get; init; } = JoseAlgorithm.Recommended;

    /// <summary>Whether a client id may be the address of its metadata.</summary>
    public bool AcceptsClientIdDocuments { get; init; } = true;

    /// <summary>Where people and developers read on; null leaves it out.</summary>
    public string? ServiceDocumentation { get; init; }

    /// <summary>The document.</summary>
    public byte[] ToJson() => JsonText.Write(json =>
    {
        json.WriteString("issuer", Policy.Issuer);
        json.WriteString("authorization_endpoint", Endpoints.Authorization);
        json.WriteString("token_endpoint", Endpoints.Token);
        json.WriteString("jwks_uri", Endpoints.Jwks);
        json.WriteString("pushed_authorization_request_endpoint", Endpoints.PushedAuthorization);
        json.WriteString("introspection_endpoint", Endpoints.Introspection);
        json.WriteString("revocation_endpoint", Endpoints.Revocation);
        json.WriteString("device_authorization_endpoint", Endpoints.DeviceAuthorization);
        json.WriteIfGiven("registration_endpoint", Endpoints.Registration);
        json.WriteIfGiven("userinfo_endpoint", Endpoints.UserInfo);
        json.WriteIfGiven("service_documentation", ServiceDocumentation);
        json.WriteStrings("response_types_supported", ["code"]);
        json.WriteStrings("response_modes_supported", ["query"]);
        json.WriteStrings("grant_types_supported", GrantTypes.All);
        json.WriteStrings("code_challenge_methods_supported", [Pkce.Method]);
        json.WriteStrings("scopes_supported", Policy.Scopes.Values);
        foreach (var endpoint in AuthenticatedEndpoints)
        {
            json.WriteStrings(endpoint + "_endpoint_auth_methods_supported", AuthMethods.All);
            json.WriteStrings(endpoint + "_endpoint_auth_signing_alg_values_supported", ClientAlgorithms);
        }
        // RFC 7662 §2.1: who asks has to prove who it is.
        json.WriteStrings("introspection_endpoint_auth_methods_supported", AuthMethods.All.Where(method => method != AuthMethods.None));
        json.WriteStrings("introspection_endpoint_auth_signing_alg_values_supported", ClientAlgorithms);
        json.WriteStrings("dpop_signing_alg_values_supported", ClientAlgorithms);
        json.WriteBoolean("authorization_response_iss_parameter_supported", true);
        json.WriteBoolean("require_pushed_authorization_requests", Policy.RequiresPushedRequests);
        json.WriteBoolean("request_parameter_supported", false);
        json.WriteBoolean("request_uri_parameter_supported", false);
        json.WriteBoolean("client_id_metadata_document_supported", AcceptsClientIdDocuments);
        json.WriteStrings("authorization_details_types_supported", Policy.DetailTypes.Select(type => type.Name));
        json.WriteStrings("protected_resources", Policy.Resources.Select(resource => resource.Identifier));
        json.WriteStrings("subject_types_supported", ["public"]);
        json.WriteStrings("id_token_signing_alg_values_supported", SigningAlgorithms);
        json.WriteStrings("prompt_values_supported", ["none", "login", "consent", "select_account"]);
        json.WriteStrings("claims_supported", ["iss", "sub", "aud", "exp", "iat", "auth_time", "acr", "nonce", "at_hash"]);
    });
}
