using System.Buffers.Binary;
using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CustobotGateway.Tests.Identity.People.Passkeys;

/// <summary>A passkey in software, and the browser's part of the answer (WebAuthn §5.8.1, §6.1, §6.5): right unless a test asks for a fault.</summary>
public sealed class SoftAuthenticator : IDisposable
{
    private const byte Present = 0x01;
    private const byte Verified = 0x04;
    private const byte HasKey = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private string _userHandle = "";

    public byte[] CredentialId { get; init; } = RandomNumberGenerator.GetBytes(32);

    public uint Count { get; set; }

    /// <summary>Names of transports that the browser tells.</summary>
    public string[] Transports { get; init; } = ["internal"];

    /// <summary>The answer to being asked for a new passkey.</summary>
    public string Create(JsonElement options, string origin, Fault? fault = null)
    {
        _userHandle = options.GetProperty("user").GetProperty("id").GetString()!;
        var clientData = ClientData("webauthn.create", options, origin, fault);
        var data = new List<byte>(AuthenticatorData(options.GetProperty("rp").GetProperty("id").GetString()!, HasKey, fault));
        data.AddRange(new byte[16]);
        data.AddRange([(byte)(CredentialId.Length >> 8), (byte)CredentialId.Length, .. CredentialId, .. PublicKey()]);
        var writer = new CborWriter();
        writer.WriteStartMap(3);
        writer.WriteTextString("fmt");
        writer.WriteTextString("none");
        writer.WriteTextString("attStmt");
        writer.WriteStartMap(0);
        writer.WriteEndMap();
        writer.WriteTextString("authData");
        writer.WriteByteString([.. data]);
        writer.WriteEndMap();
        return Credential(new { clientDataJSON = Text(clientData), attestationObject = Text(writer.Encode()), transports = Transports });
    }

    /// <summary>The answer to being asked for a passkey.</summary>
    public string Get(JsonElement options, string origin, Fault? fault = null)
    {
        Count++;
        var clientData = ClientData("webauthn.get", options, origin, fault);
        var data = AuthenticatorData(options.GetProperty("rpId").GetString()!, 0, fault);
        var signature = _key.SignData([.. data, .. SHA256.HashData(clientData)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        if (fault?.BreaksSignature == true)
        {
            signature[^1] ^= 1;
        }
        return Credential(new { clientDataJSON = Text(clientData), authenticatorData = Text(data), signature = Text(signature), userHandle = fault?.UserHandle ?? _userHandle });
    }

    public void Dispose() => _key.Dispose();

    private byte[] AuthenticatorData(string rpId, byte flags, Fault? fault)
    {
        var count = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, fault?.Count ?? Count);
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(fault?.RpId ?? rpId)), (byte)(flags | Present | (fault?.SkipsVerification == true ? 0 : Verified)), .. count];
    }

    private static byte[] ClientData(string type, JsonElement options, string origin, Fault? fault) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        type = fault?.Type ?? type,
        challenge = fault?.Challenge ?? options.GetProperty("challenge").GetString(),
        origin = fault?.Origin ?? origin,
        crossOrigin = fault?.IsCrossOrigin ?? false,
    });

    // COSE (RFC 9053 §7.1.1): an EC2 key for ES256 on P-256.
    private byte[] PublicKey()
    {
        var point = _key.ExportParameters(false).Q;
        var writer = new CborWriter();
        writer.WriteStartMap(5);
        foreach (var (label, value) in new[] { (1, 2), (3, -7), (-1, 1) })
        {
            writer.WriteInt32(label);
            writer.WriteInt32(value);
        }
        writer.WriteInt32(-2);
        writer.WriteByteString(point.X!);
        writer.WriteInt32(-3);
        writer.WriteByteString(point.Y!);
        writer.WriteEndMap();
        return writer.Encode();
    }

    private string Credential(object response) => JsonSerializer.Serialize(
        new { id = Text(CredentialId), rawId = Text(CredentialId), type = "public-key", response, clientExtensionResults = new { }, authenticatorAttachment = "platform" });

    private static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>What an answer has wrong.</summary>
    public sealed record Fault
    {
        public string? Type { get; init; }

        public string? Challenge { get; init; }

        public string? Origin { get; init; }

        public string? RpId { get; init; }

        public string? UserHandle { get; init; }

        public uint? Count { get; init; }

        public bool IsCrossOrigin { get; init; }

        public bool SkipsVerification { get; init; }

        public bool BreaksSignature { get; init; }
    }
}
