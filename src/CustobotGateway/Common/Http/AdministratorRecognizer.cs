using System.Security.Cryptography;
using System.Text;

namespace CustobotGateway.Common.Http;

/// <summary>The administrator's token, which opens nothing in production. Compared by digest in constant time, so that timing tells nothing of it but its length.</summary>
internal sealed class AdministratorRecognizer(GatewaySettings settings) : IRecognizer
{
    private readonly byte[] _digest = SHA256.HashData(Encoding.UTF8.GetBytes(settings.AdminToken));

    public ValueTask<AgentPrincipal?> RecognizeAsync(string bearerToken, CancellationToken cancellationToken)
    {
        // Access tokens are some hundred characters long: their callers do not pay for the digest.
        var isTheirs = settings is { Production: false, AdminToken.Length: > 0 } && bearerToken.Length == settings.AdminToken.Length
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(bearerToken)), _digest);
        return new(isTheirs ? AgentPrincipal.Administrator : null);
    }
}
