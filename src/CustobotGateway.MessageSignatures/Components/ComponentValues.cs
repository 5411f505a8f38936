using System.Globalization;
using System.Text;
using CustobotGateway.MessageSignatures.Messages;
using CustobotGateway.MessageSignatures.StructuredFields;

namespace CustobotGateway.MessageSignatures.Components;

/// <summary>What a component comes to in a message.</summary>
internal static class ComponentValues
{
    private static readonly HashSet<string> Dictionaries =
    [
        "accept-signature", "content-digest", "priority", "repr-digest", "signature", "signature-agent", "signature-input", "want-content-digest", "want-repr-digest",
    ];

    private static readonly HashSet<string> Lists = ["accept-ch", "cache-status", "client-cert-chain", "proxy-status"];
    private static readonly HashSet<string> Items = ["client-cert", "sec-ch-ua-mobile", "sec-ch-ua-platform"];

    /// <summary>The component's value; null where the message has no such thing, or not in the form that is asked for.</summary>
    public static string? Find(Component component, HttpMessage message)
    {
        if (component.IsOfRequest)
        {
            if (message.Answered is not { } answered)
            {
                return null;
            }
            message = answered;
        }
        return component.IsDerived ? Derived(component, message) : Field(component, message);
    }

    private static string? Derived(Component component, HttpMessage message) => component.Name switch
    {
        "@method" => message.Method,
        "@target-uri" => message.TargetUri,
        "@authority" => message.Authority,
        "@scheme" => message.Scheme,
        "@request-target" => message.Target,
        "@path" => message.Path,
        "@query" => message.Query,
        "@query-param" => message.Query is { } query ? QueryParameters.Find(query, component.ParameterName!) : null,
        _ => message.Status?.ToString("000", CultureInfo.InvariantCulture),
    };

    private static string? Field(Component component, HttpMessage message)
    {
        if ((component.IsTrailer ? message.Trailers : message.Fields) is not { } fields)
        {
            return null;
        }
        var lines = new List<string>(1);
        fields.Collect(component.Name, lines);
        if (lines.Count == 0)
        {
            return null;
        }
        if (component.IsBytes)
        {
            return string.Join(", ", lines.Select(line => $":{Convert.ToBase64String(Encoding.UTF8.GetBytes(Trim(line)))}:"));
        }
        var value = Combine(lines);
        return component.Key is { } key ? Member(value, key) : component.IsStructured ? Anew(component.Name, value) : value;
    }

    /// <summary>The lines as one value (RFC 9421 §2.1).</summary>
    public static string Combine(List<string> lines) => lines.Count == 1 ? Trim(lines[0]) : string.Join(", ", lines.Select(Trim));

    private static string Trim(string line) => line.Trim(' ', '\t');

    private static string? Member(string value, string key) =>
        StructuredField.TryReadDictionary(value, out var dictionary) && dictionary.Find(key) is { } member ? FieldWriter.Write(member) : null;

    // The form has to be known: the same text may be read as a list and as an item, and be written differently.
    private static string? Anew(string name, string value) =>
        Dictionaries.Contains(name) ? StructuredField.TryReadDictionary(value, out var dictionary) ? FieldWriter.Write(dictionary) : null
        : Lists.Contains(name) ? StructuredField.TryReadList(value, out var list) ? FieldWriter.Write(list) : null
        : Items.Contains(name) && StructuredField.TryReadItem(value, out var item) ? FieldWriter.Write(item)
        : null;
}
