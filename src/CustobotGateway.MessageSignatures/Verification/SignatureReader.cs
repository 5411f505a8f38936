using System.Diagnostics.CodeAnalysis;
using CustobotGateway.MessageSignatures.Components;
using CustobotGateway.MessageSignatures.Messages;
using CustobotGateway.MessageSignatures.StructuredFields;
using CustobotGateway.MessageSignatures.WebBotAuth;

namespace CustobotGateway.MessageSignatures.Verification;

/// <summary>Reads a message's signatures and checks all that needs no key.</summary>
internal sealed class SignatureReader(IReadOnlyList<SignatureProfile> profiles)
{
    public const string InputField = "signature-input";
    public const string SignatureField = "signature";

    // Each costs a verification, and nobody passes through more signers.
    private const int MostSignatures = 8;
    private const int LongestParameter = 512;

    // Labels are written with capital letters often enough, and nothing hangs on how they are written.
    private readonly Capitals _capitals = Capitals.InKeys | (profiles.Any(profile => profile.AllowsCapitalKeyId) ? Capitals.InParameters : Capitals.Nowhere);

    public PreparedSignatures Read(HttpMessage message, DateTimeOffset now)
    {
        var lines = new List<string>(1);
        message.Fields.Collect(InputField, lines);
        var input = lines.Count == 0 ? null : ComponentValues.Combine(lines);
        lines.Clear();
        message.Fields.Collect(SignatureField, lines);
        var signature = lines.Count == 0 ? null : ComponentValues.Combine(lines);
        if (input is null || signature is null)
        {
            return PreparedSignatures.Refused(input is not null ? SignatureFault.NoSignatureForLabel : signature is not null ? SignatureFault.Malformed : SignatureFault.NoSignature);
        }
        // A label that comes twice leaves open which one is meant.
        if (!StructuredField.TryReadDictionary(input, out var inputs, _capitals) || !StructuredField.TryReadDictionary(signature, out var signatures, Capitals.InKeys)
            || inputs.HasRepeated || signatures.HasRepeated || inputs.Members.Count is 0 or > MostSignatures)
        {
            return PreparedSignatures.Refused(SignatureFault.Malformed);
        }
        lines.Clear();
        message.Fields.Collect(SignatureAgent.Field, lines);
        var agent = lines.Count == 0 ? null : ComponentValues.Combine(lines);
        var candidates = new List<SignatureCandidate>(inputs.Members.Count);
        var furthest = SignatureFault.None;
        foreach (var member in inputs.Members)
        {
            var fault = Read(member, signatures.Find(member.Key), message, agent, now, out var candidate);
            if (candidate is not null)
            {
                candidates.Add(candidate);
            }
            furthest = fault > furthest ? fault : furthest;
        }
        return new PreparedSignatures(candidates, furthest);
    }

    private SignatureFault Read(FieldMember input, FieldMember? signature, HttpMessage message, string? agent, DateTimeOffset now, out SignatureCandidate? candidate)
    {
        candidate = null;
        if (signature is null)
        {
            return SignatureFault.NoSignatureForLabel;
        }
        if (input.Items is null || signature.Items is not null || signature.Value.Kind != FieldValueKind.Bytes || input.Parameters.HasRepeated)
        {
            return SignatureFault.Malformed;
        }
        var fault = ReadText(input, "tag", out var tag);
        if (fault != SignatureFault.None)
        {
            return fault;
        }
        if (tag is null || Profile(tag) is not { } profile)
        {
            return SignatureFault.WrongTag;
        }
        if (!TryReadComponents(input.Items, out var covered))
        {
            return SignatureFault.Malformed;
        }
        fault = ReadParameters(input, profile, now, out var parameters);
        if (fault == SignatureFault.None)
        {
            fault = CoverageFault(profile, covered, agent, out var agents);
            if (fault == SignatureFault.None)
            {
                if (SignatureBase.Write(covered, message, input.Raw, out var isMissing) is not { } signed)
                {
                    return isMissing ? SignatureFault.MissingComponent : SignatureFault.Malformed;
                }
                candidate = new SignatureCandidate(signed, signature.Value.Bytes)
                {
                    Label = input.Key,
                    KeyId = parameters.KeyId!,
                    Tag = tag,
                    Profile = profile,
                    Algorithm = parameters.Algorithm,
                    Nonce = parameters.Nonce,
                    Created = DateTimeOffset.FromUnixTimeSeconds(parameters.Created),
                    Expires = DateTimeOffset.FromUnixTimeSeconds(parameters.Expires),
                    Covered = covered,
                    Agents = agents,
                };
            }
        }
        return fault;
    }

    private SignatureProfile? Profile(string tag)
    {
        foreach (var profile in profiles)
        {
            if (profile.Tags.Contains(tag))
            {
                return profile;
            }
        }
        return null;
    }

    private static bool TryReadComponents(IReadOnlyList<FieldItem> items, [NotNullWhen(true)] out Component[]? covered)
    {
        covered = new Component[items.Count];
        for (var i = 0; i < items.Count; i++)
        {
            if (!Component.TryRead(items[i], out var component))
            {
                return false;
            }
            // One that is listed twice could have two values (RFC 9421 §2).
            for (var j = 0; j < i; j++)
            {
                if (covered[j].Name == component.Name && covered[j].Meaning == component.Meaning)
                {
                    return false;
                }
            }
            covered[i] = component;
        }
        return true;
    }

    private static SignatureFault ReadParameters(FieldMember input, SignatureProfile profile, DateTimeOffset now, out (string? KeyId, string? Algorithm, string? Nonce, long Created, long Expires) parameters)
    {
        parameters = default;
        var fault = ReadText(input, "keyid", out parameters.KeyId);
        if (fault == SignatureFault.None && parameters.KeyId is null && profile.AllowsCapitalKeyId)
        {
            fault = ReadText(input, "keyId", out parameters.KeyId);
        }
        fault = fault != SignatureFault.None ? fault : ReadText(input, "alg", out parameters.Algorithm);
        fault = fault != SignatureFault.None ? fault : ReadText(input, "nonce", out parameters.Nonce);
        if (fault != SignatureFault.None)
        {
            return fault;
        }
        if (ReadTime(input, "created", out var created) != SignatureFault.None || ReadTime(input, "expires", out var expires) != SignatureFault.None)
        {
            return SignatureFault.Malformed;
        }
        if (created is not { } from || expires is not { } until || parameters.KeyId is null || (profile.RequiresNonce && parameters.Nonce is null))
        {
            return SignatureFault.MissingParameter;
        }
        (parameters.Created, parameters.Expires) = (from, until);
        var seconds = now.ToUnixTimeSeconds();
        return until < from ? SignatureFault.Malformed
            : from > seconds + (long)profile.Skew.TotalSeconds ? SignatureFault.CreatedInFuture
            : until <= seconds ? SignatureFault.Expired
            : until - from > (long)profile.MostLife.TotalSeconds ? SignatureFault.LifeTooLong
            : SignatureFault.None;
    }

    private static SignatureFault ReadText(FieldMember input, string name, out string? text)
    {
        text = null;
        if (!input.Parameters.TryGet(name, out var value))
        {
            return SignatureFault.None;
        }
        text = value.Text;
        return value.Kind == FieldValueKind.Text && text.Length is > 0 and <= LongestParameter ? SignatureFault.None : SignatureFault.Malformed;
    }

    private static SignatureFault ReadTime(FieldMember input, string name, out long? seconds)
    {
        // The last second that has a date.
        const long most = 253_402_300_799;
        seconds = null;
        if (!input.Parameters.TryGet(name, out var value))
        {
            return SignatureFault.None;
        }
        seconds = value.Number;
        return value.Kind == FieldValueKind.Integer && seconds is >= 0 and <= most ? SignatureFault.None : SignatureFault.Malformed;
    }

    private static SignatureFault CoverageFault(SignatureProfile profile, Component[] covered, string? agent, out IReadOnlyList<SignatureAgent> agents)
    {
        agents = [];
        foreach (var coverage in profile.Covers)
        {
            if (!Array.Exists(covered, component => coverage.AnyOf.Contains(component.Identifier)))
            {
                return coverage.Fault;
            }
        }
        if (agent is null)
        {
            return profile.RequiresAgent ? SignatureFault.MissingComponent : SignatureFault.None;
        }
        var ofAgent = Array.FindAll(covered, component => component is { Name: SignatureAgent.Field, IsTrailer: false, IsOfRequest: false });
        if (ofAgent.Length == 0)
        {
            return SignatureFault.AgentNotCovered;
        }
        // What the header says is believed only as far as the signature covers it.
        if (SignatureAgent.TryParse(agent, out var all))
        {
            agents = Array.Exists(ofAgent, component => component.Key is null) ? all : [.. all.Where(entry => Array.Exists(ofAgent, component => component.Key == entry.Label))];
        }
        return SignatureFault.None;
    }
}
