using System.Text.Json;
using CustobotGateway.MessageSignatures.Keys;
using CustobotGateway.MessageSignatures.Messages;
using CustobotGateway.MessageSignatures.Verification;

namespace CustobotGateway.BotTraining;

/// <summary>Judges the rows' signatures by the gateway's engine, by each row's own time, in order and with one memory of nonces.</summary>
internal sealed class RowSignatures : IKeySource
{
    private readonly Dictionary<string, KnownKey> _known;
    private readonly SignatureVerifier _verifier = new(SignatureProfile.WebBotAuth, SignatureProfile.VisaTap);
    private readonly MemoryNonces _nonces = new();

    /// <summary>Trusts the keys of a file of signed requests.</summary>
    public RowSignatures(string file)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(file));
        _known = json.RootElement.GetProperty("trusted_keys").EnumerateArray().ToDictionary(
            key => key.GetProperty("keyid").GetString()!,
            key => new KnownKey(VerifyingKey.Read(key.GetProperty("jwk").Clone(), out var fault) ?? throw new InvalidDataException(fault), key.GetProperty("agent").GetString()!));
    }

    public ValueTask<KnownKey?> FindAsync(SignatureCandidate candidate, CancellationToken cancellationToken) => new(_known.GetValueOrDefault(candidate.KeyId));

    /// <summary>Whether one of the row's signatures is good.</summary>
    public bool IsVerified(CallerRow row)
    {
        (string Name, string Value)[] fields = [.. row.Request.Headers.Pairs.ToArray().Select(pair => (pair.Key, pair.Value))];
        var host = fields.FirstOrDefault(field => field.Name.Equals("host", StringComparison.OrdinalIgnoreCase)).Value ?? "";
        var message = HttpMessage.Request(row.Request.Method, "https", host, row.Request.Path, new MessageFields(fields));
        // Keys and nonces are in memory: nothing is waited for.
        return _verifier.JudgeAsync(message, row.ReceivedAt, this, _nonces, CancellationToken.None).AsTask().GetAwaiter().GetResult().IsVerified;
    }
}
