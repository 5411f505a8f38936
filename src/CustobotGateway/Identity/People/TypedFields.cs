namespace CustobotGateway.Identity.People;

/// <summary>What a form held, to be shown again with what is wrong.</summary>
internal static class TypedFields
{
    private const string Prefix = "mandate_";
    private const int Longest = 64;

    public static IReadOnlyDictionary<string, string> Texts(IFormCollection? form) =>
        Of(form).Where(field => field.Value.Count == 1).ToDictionary(field => field.Key, field => Short(field.Value[0]), StringComparer.Ordinal);

    public static IReadOnlyDictionary<string, IReadOnlyList<string>> Lists(IFormCollection? form) =>
        Of(form).ToDictionary(field => field.Key, field => (IReadOnlyList<string>)[.. field.Value.OfType<string>()], StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>> Of(IFormCollection? form) =>
        form?.Where(field => field.Key.StartsWith(Prefix, StringComparison.Ordinal)) ?? [];

    private static string Short(string? text) => text is null ? "" : text.Length <= Longest ? text : text[..Longest];
}
