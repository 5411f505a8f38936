using System.Diagnostics.CodeAnalysis;
using CustobotGateway.MessageSignatures.StructuredFields;

namespace CustobotGateway.MessageSignatures.WebBotAuth;

/// <summary>An entry of the header Signature-Agent: where the signer's keys are said to be.</summary>
/// <param name="Label">Its key in the dictionary form; empty in the older form, a single text.</param>
/// <param name="Uri">The address, or an authority alone.</param>
/// <param name="Type"><c>directory</c> (the well-known directory of that origin, also where nothing is said), <c>jwks_uri</c>, <c>cimd</c>, or what a later draft adds.</param>
public sealed record SignatureAgent(string Label, string Uri, string Type)
{
    /// <summary>The header's name.</summary>
    public const string Field = "signature-agent";

    /// <summary>The type where none is given.</summary>
    public const string Directory = "directory";

    private const int LongestUri = 2_048;

    /// <summary>Reads the header: a dictionary, or a single text as older signers send it.</summary>
    public static bool TryParse(string value, [NotNullWhen(true)] out IReadOnlyList<SignatureAgent>? agents)
    {
        ArgumentNullException.ThrowIfNull(value);
        agents = null;
        if (StructuredField.TryReadItem(value, out var single) && single.Value.Kind == FieldValueKind.Text)
        {
            agents = single.Value.Text.Length is > 0 and <= LongestUri ? [Of("", single.Value, single.Parameters)] : null;
            return agents is not null;
        }
        if (!StructuredField.TryReadDictionary(value, out var dictionary) || dictionary.Members.Count == 0
            || dictionary.Members.Any(member => member.Items is not null || member.Value.Kind != FieldValueKind.Text || member.Value.Text.Length is 0 or > LongestUri))
        {
            return false;
        }
        agents = [.. dictionary.Members.Select(member => Of(member.Key, member.Value, member.Parameters))];
        return true;
    }

    private static SignatureAgent Of(string label, FieldValue value, FieldParameters parameters) =>
        new(label, value.Text, parameters.TryGet("type", out var type) && type.Kind is FieldValueKind.Token or FieldValueKind.Text ? type.Text : Directory);
}
