using CustobotGateway.OAuth.Grants;

namespace CustobotGateway.OAuth.Messages;

/// <summary>What the device hears and shows (RFC 8628 §3.2).</summary>
public static class DeviceAuthorizationResponse
{
    /// <summary>The body.</summary>
    /// <param name="deviceCode">What the device asks with.</param>
    /// <param name="userCode">What the person types.</param>
    /// <param name="verificationUri">Where the person types it; the complete address has it filled in, and decides nothing.</param>
    public static byte[] ToJson(string deviceCode, string userCode, string verificationUri) => JsonText.Write(json =>
    {
        json.WriteString("device_code", deviceCode);
        json.WriteString("user_code", userCode);
        json.WriteString("verification_uri", verificationUri);
        json.WriteString("verification_uri_complete", $"{verificationUri}?user_code={userCode}");
        json.WriteNumber("expires_in", (long)DeviceGrant.Lifetime.TotalSeconds);
        json.WriteNumber("interval", (long)DeviceGrant.FirstInterval.TotalSeconds);
    });
}
