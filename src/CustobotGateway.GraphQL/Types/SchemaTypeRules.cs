using CustobotGateway.GraphQL.Language;

namespace CustobotGateway.GraphQL.Types;

/// <summary>Type validation (spec §3.3 to §3.13), with the messages of the reference implementation.</summary>
internal sealed class SchemaTypeRules
{
    private readonly Schema _schema;
    private readonly List<GraphQLError> _errors = [];

    private SchemaTypeRules(Schema schema) => _schema = schema;

    public static List<GraphQLError> Check(Schema schema)
    {
        var rules = new SchemaTypeRules(schema);
        if (schema.Root(OperationKind.Query) is null)
        {
            rules.Report("Query root type must be provided.", default);
        }
        foreach (var directive in schema.Directives)
        {
            rules.CheckName(directive.Name, directive.Location);
            rules.CheckInputs(directive.Arguments, $"@{directive.Name}");
        }
        foreach (var type in schema.Types.Where(type => !type.IsBuiltIn))
        {
            rules.CheckName(type.Name, type.Location);
            rules.CheckType(type);
        }
        InputObjectCycles.Check(schema, rules.Report);
        return rules._errors;
    }

    private void CheckType(NamedType type)
    {
        switch (type)
        {
            case UnionType union:
                CheckUnion(union);
                break;
            case CompositeType composite:
                CheckFields(composite);
                InterfaceRules.Check(composite, Report);
                break;
            case EnumType { Values.Count: 0 }:
                Report($"Enum type {type} must define one or more values.", type.Location);
                break;
            case EnumType enumeration:
                foreach (var value in enumeration.Values)
                {
                    CheckName(value.Name, type.Location);
                }
                break;
            case InputObjectType input:
                CheckInputObject(input);
                break;
        }
    }

    private void CheckUnion(UnionType union)
    {
        if (union.PossibleTypes.IsEmpty)
        {
            Report($"Union type {union} must define one or more member types.", union.Location);
        }
        foreach (var same in union.PossibleTypes.GroupBy(member => member).Where(group => group.Count() > 1))
        {
            Report($"Union type {union} can only include type {same.Key} once.", union.Location);
        }
    }

    private void CheckFields(CompositeType type)
    {
        if (type.Fields.Count == 0)
        {
            Report($"Type {type} must define one or more fields.", type.Location);
        }
        foreach (var field in type.Fields)
        {
            CheckName(field.Name, field.Location);
            if (!field.Type.IsOutput)
            {
                Report($"The type of {type}.{field.Name} must be Output Type but got: {field.Type}.", field.Location);
            }
            CheckInputs(field.Arguments, $"{type}.{field.Name}");
        }
    }

    private void CheckInputs(DefinitionList<InputValue> arguments, string owner)
    {
        foreach (var argument in arguments)
        {
            CheckName(argument.Name, argument.Location);
            if (!argument.Type.IsInput)
            {
                Report($"The type of {owner}({argument.Name}:) must be Input Type but got: {argument.Type}.", argument.Location);
            }
            if (argument.IsRequired && argument.DeprecationReason is not null)
            {
                Report($"Required argument {owner}({argument.Name}:) cannot be deprecated.", argument.Location);
            }
        }
    }

    private void CheckInputObject(InputObjectType type)
    {
        if (type.Fields.Count == 0)
        {
            Report($"Input Object type {type} must define one or more fields.", type.Location);
        }
        foreach (var field in type.Fields)
        {
            CheckName(field.Name, field.Location);
            if (!field.Type.IsInput)
            {
                Report($"The type of {type}.{field.Name} must be Input Type but got: {field.Type}.", field.Location);
            }
            if (field.IsRequired && field.DeprecationReason is not null)
            {
                Report($"Required input field {type}.{field.Name} cannot be deprecated.", field.Location);
            }
            if (type.IsOneOf && field.Type is NonNullType)
            {
                Report($"OneOf input field {type}.{field.Name} must be nullable.", field.Location);
            }
            if (type.IsOneOf && field.DefaultLiteral is not null)
            {
                Report($"OneOf input field {type}.{field.Name} cannot have a default value.", field.Location);
            }
        }
    }

    private void CheckName(string name, SourceLocation location)
    {
        if (name.StartsWith("__", StringComparison.Ordinal))
        {
            Report($"Name \"{name}\" must not begin with \"__\", which is reserved by GraphQL introspection.", location);
        }
    }

    private void Report(string message, SourceLocation location) => _errors.Add(new GraphQLError(message, location == default ? [] : [location]));
}
