using System.Text.Json;
using CustobotGateway.OAuth.Jose;

namespace CustobotGateway.OAuth.Clients;

/// <summary>
/// A client id that is the address of the client's metadata (OAuth Client ID Metadata Document). Checks the address and the document; who fetches it
/// guards against addresses inside the network.
/// </summary>
public static class ClientIdDocument
{
    /// <summary>The longest document, in bytes.</summary>
    public const int MostBytes = 5_120;

    private const int Longest = 2_048;

    /// <summary>True if the id is such an address: https, with a path, without fragment, user information and dot segments, in its one spelling (§3).</summary>
    public static bool IsAddress(string clientId)
    {
        ArgumentNullException.ThrowIfNull(clientId);
        return clientId.Length <= Longest && clientId.StartsWith("https://", StringComparison.Ordinal) && !clientId.Contains('#', StringComparison.Ordinal)
            && Uri.TryCreate(clientId, UriKind.Absolute, out var parsed) && parsed.UserInfo.Length == 0 && !clientId.Contains('@', StringComparison.Ordinal)
            && parsed.AbsolutePath.Length > 1
            // The framework resolves dot segments and writes hosts small: what comes out differently was not in its one spelling.
            && string.Equals(parsed.AbsoluteUri, clientId, StringComparison.Ordinal);
    }

    /// <summary>Checks the document that was found at the address (§4).</summary>
    public static Checked<ClientMetadata> Read(string clientId, ReadOnlyMemory<byte> utf8, ClientMetadataReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        if (!IsAddress(clientId) || utf8.Length > MostBytes || !StrictJson.TryParse(utf8, JsonValueKind.Object, out var json))
        {
            return Invalid("The client's document is missing, too long or no well-formed JSON object.");
        }
        if (json.Text("client_id") != clientId)
        {
            return Invalid("The document's client_id is not its address.");
        }
        if (json.Has("client_secret") || json.Has("client_secret_expires_at"))
        {
            return Invalid("A public document has no secret.");
        }
        // Without the member RFC 7591 means client_secret_basic, which no document can have.
        var method = json.Text("token_endpoint_auth_method") ?? AuthMethods.None;
        if (method is not (AuthMethods.None or AuthMethods.PrivateKeyJwt))
        {
            return Invalid("A client with a public document has no secret to authenticate with.");
        }
        return reader.Read(json).TryGet(out var metadata, out var error)
            ? metadata with { AuthMethod = method }
            : error;
    }

    private static OAuthError Invalid(string why) => new(ErrorCodes.InvalidClientMetadata, why);
}
