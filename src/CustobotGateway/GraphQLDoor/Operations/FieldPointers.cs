using System.Text.Json.Serialization.Metadata;
using CustobotGateway.Common;

namespace CustobotGateway.GraphQLDoor.Operations;

/// <summary>REST's pointers to what is at fault, as pointers into a field's arguments.</summary>
internal static class FieldPointers
{
    /// <summary>Of a problem that an operation told in REST's words.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="body">The type of the operation's body, which is the argument <c>input</c> here; null where it has none.</param>
    public static Problem Of(Problem problem, Type? body) =>
        problem.Errors.Count == 0 ? problem : problem with { Errors = [.. problem.Errors.Select(error => error with { Pointer = Of(error.Pointer, body) })] };

    /// <summary>Of a problem with one argument's value.</summary>
    public static Problem Under(string pointer, Problem problem) => problem with { Errors = [.. problem.Errors.Select(error => error with { Pointer = pointer + error.Pointer })] };

    private static string Of(string pointer, Type? body)
    {
        if (pointer.StartsWith('?'))
        {
            return "/" + OperationParameters.ArgumentOf(Camel(pointer[1..]));
        }
        if (body is null)
        {
            return pointer;
        }
        var (steps, type) = (pointer.Split('/')[1..], (JsonTypeInfo?)DoorWire.Options.GetTypeInfo(body));
        for (var i = 0; i < steps.Length; i++)
        {
            // Keys of dictionaries are the caller's own, and numbers are places in lists.
            var member = type is { Kind: JsonTypeInfoKind.Object } ? type.Properties.FirstOrDefault(one => one.Name == Camel(steps[i])) : null;
            steps[i] = member?.Name ?? steps[i];
            var below = member?.PropertyType ?? (type?.Kind == JsonTypeInfoKind.Enumerable ? type.ElementType : null);
            type = below is null ? null : DoorWire.Options.GetTypeInfo(Nullable.GetUnderlyingType(below) ?? below);
        }
        return string.Join('/', steps.Prepend("/" + OperationParameters.Body));
    }

    /// <summary><c>line_items</c> is <c>lineItems</c>.</summary>
    internal static string Camel(string name)
    {
        var words = name.Split('_');
        return words[0] + string.Concat(words.Skip(1).Where(word => word.Length > 0).Select(word => char.ToUpperInvariant(word[0]) + word[1..]));
    }
}
