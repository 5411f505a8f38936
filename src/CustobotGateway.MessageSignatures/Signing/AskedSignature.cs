using System.Diagnostics.CodeAnalysis;
using CustobotGateway.MessageSignatures.Components;
using CustobotGateway.MessageSignatures.StructuredFields;

namespace CustobotGateway.MessageSignatures.Signing;

/// <summary>A signature that the other side asks for (RFC 9421 §5, Accept-Signature).</summary>
/// <param name="Label">The label that it wants.</param>
/// <param name="Components">What it wants covered.</param>
/// <param name="Algorithm">The algorithm that it wants; null for any.</param>
/// <param name="KeyId">The key that it wants; null for any.</param>
/// <param name="Nonce">The nonce that it wants; null for none.</param>
/// <param name="Tag">The tag that it wants; null for none.</param>
/// <param name="WantsExpires">Whether it wants to know until when.</param>
public sealed record AskedSignature(string Label, IReadOnlyList<Component> Components, string? Algorithm, string? KeyId, string? Nonce, string? Tag, bool WantsExpires)
{
    /// <summary>The field's name.</summary>
    public const string Field = "accept-signature";

    private const int Most = 4;
    private const int LongestParameter = 512;

    /// <summary>Reads the field; false for one that is malformed or asks for more than a few.</summary>
    public static bool TryParse(string value, [NotNullWhen(true)] out IReadOnlyList<AskedSignature>? asked)
    {
        asked = null;
        if (!StructuredField.TryReadDictionary(value, out var dictionary) || dictionary.Members.Count is 0 or > Most)
        {
            return false;
        }
        var read = new List<AskedSignature>(dictionary.Members.Count);
        foreach (var member in dictionary.Members)
        {
            if (member.Items is null)
            {
                return false;
            }
            var components = new Component[member.Items.Count];
            for (var i = 0; i < components.Length; i++)
            {
                if (!Component.TryRead(member.Items[i], out var component) || components.AsSpan(0, i).ToArray().Any(other => other.Meaning == component.Meaning))
                {
                    return false;
                }
                components[i] = component;
            }
            read.Add(new AskedSignature(
                member.Key, components, Text(member, "alg"), Text(member, "keyid"), Text(member, "nonce"), Text(member, "tag"), member.Parameters.TryGet("expires", out _)));
        }
        asked = read;
        return true;
    }

    private static string? Text(FieldMember member, string name) =>
        member.Parameters.TryGet(name, out var value) && value.Kind == FieldValueKind.Text && value.Text.Length is > 0 and <= LongestParameter ? value.Text : null;
}
