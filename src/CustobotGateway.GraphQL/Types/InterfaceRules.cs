using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL.Types;

/// <summary>A type has what its interfaces promise (IsValidImplementation, spec §3.6.1 and §3.7.1).</summary>
internal static class InterfaceRules
{
    public static void Check(CompositeType type, Action<string, SourceLocation> report)
    {
        foreach (var same in type.Interfaces.GroupBy(implemented => implemented).Where(group => group.Count() > 1))
        {
            report($"Type {type} can only implement {same.Key} once.", type.Location);
        }
        foreach (var implemented in type.Interfaces)
        {
            if (implemented == type)
            {
                report($"Type {type} cannot implement itself because it would create a circular reference.", type.Location);
                continue;
            }
            CheckAncestors(type, implemented, report);
            foreach (var promised in implemented.Fields)
            {
                CheckField(type, implemented, promised, report);
            }
        }
    }

    private static void CheckAncestors(CompositeType type, InterfaceType implemented, Action<string, SourceLocation> report)
    {
        foreach (var ancestor in implemented.Interfaces.Where(ancestor => !type.Interfaces.Contains(ancestor)))
        {
            report(ancestor == type
                ? $"Type {type} cannot implement {implemented} because it would create a circular reference."
                : $"Type {type} must implement {ancestor} because it is implemented by {implemented}.", type.Location);
        }
    }

    private static void CheckField(CompositeType type, InterfaceType implemented, FieldDefinition promised, Action<string, SourceLocation> report)
    {
        var name = promised.Name;
        if (type.Fields.Find(name) is not { } field)
        {
            report($"Interface field {implemented}.{name} expected but {type} does not provide it.", type.Location);
            return;
        }
        if (!Schema.IsSubtype(field.Type, promised.Type))
        {
            report($"Interface field {implemented}.{name} expects type {promised.Type} but {type}.{name} is type {field.Type}.", field.Location);
        }
        foreach (var expected in promised.Arguments)
        {
            if (field.Arguments.Find(expected.Name) is not { } argument)
            {
                report($"Interface field argument {implemented}.{name}({expected.Name}:) expected but {type}.{name} does not provide it.", field.Location);
            }
            else if (argument.Type != expected.Type)
            {
                report(
                    $"Interface field argument {implemented}.{name}({expected.Name}:) expects type {expected.Type} but {type}.{name}({expected.Name}:) is type {argument.Type}.",
                    argument.Location);
            }
        }
        foreach (var argument in field.Arguments)
        {
            if (argument.IsRequired && promised.Arguments.Find(argument.Name) is null)
            {
                report(
                    $"Object field {type}.{name} includes required argument {argument.Name} that is missing from the Interface field {implemented}.{name}.",
                    argument.Location);
            }
        }
    }
}

/// <summary>No input object needs itself through fields that cannot be null (spec §3.10).</summary>
internal static class InputObjectCycles
{
    public static void Check(Schema schema, Action<string, SourceLocation> report)
    {
        var visited = new HashSet<InputObjectType>();
        var path = new List<(InputObjectType Type, InputValue Field)>();
        foreach (var type in schema.Types.OfType<InputObjectType>())
        {
            Visit(type, visited, path, report);
        }
    }

    private static void Visit(
        InputObjectType type, HashSet<InputObjectType> visited, List<(InputObjectType Type, InputValue Field)> path, Action<string, SourceLocation> report)
    {
        if (!visited.Add(type))
        {
            return;
        }
        foreach (var field in type.Fields)
        {
            if (field.Type is NonNullType { Inner: InputObjectType needed })
            {
                path.Add((type, field));
                var start = path.FindIndex(step => step.Type == needed);
                if (start >= 0)
                {
                    var fields = string.Join('.', path.Skip(start).Select(step => step.Field.Name));
                    report($"Cannot reference Input Object \"{needed}\" within itself through a series of non-null fields: \"{fields}\".", path[start].Field.Location);
                }
                else
                {
                    Visit(needed, visited, path, report);
                }
                path.RemoveAt(path.Count - 1);
            }
        }
    }
}
