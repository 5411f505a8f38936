using CustobotGateway.GraphQL.Execution;
using CustobotGateway.GraphQL.Language;
using CustobotGateway.GraphQL.Types;

namespace CustobotGateway.GraphQL.Validation.Rules;

/// <summary>Literals fit the types of their places (spec §5.6.1, §5.6.2, §5.6.4, and @oneOf).</summary>
internal sealed class ValuesOfCorrectType(ValidationContext context) : ValidationRule(context)
{
    public override bool Sees(NodeKind kind) => kind is NodeKind.ListValue or NodeKind.ObjectValue or NodeKind.ObjectField or NodeKind.NullValue
        or NodeKind.EnumValue or NodeKind.IntValue or NodeKind.FloatValue or NodeKind.StringValue or NodeKind.BooleanValue;

    public override bool Enter(SyntaxNode node)
    {
        var place = Context.Place;
        switch (node)
        {
            // Inside a list the place is that of its items.
            case ListValueNode when place.ParentInput?.Nullable is ListType:
                return true;
            case ObjectValueNode fields when place.Input?.Named is InputObjectType type:
                CheckObject(fields, type);
                return true;
            case ObjectFieldNode field:
                if (place.Input is null && place.ParentInput?.Named is InputObjectType owner)
                {
                    Context.Report(
                        $"Field \"{field.Name}\" is not defined by type \"{owner}\"." + Context.DidYouMean(field.Name, owner.Fields), field.Location);
                }
                return true;
            case NullValueNode:
                if (place.Input is NonNullType required)
                {
                    Context.Report($"Expected value of type \"{required}\", found null.", node.Location);
                }
                return true;
            default:
                CheckLeaf((ValueNode)node, place.Input);
                return node is not ListValueNode and not ObjectValueNode;
        }
    }

    private void CheckObject(ObjectValueNode node, InputObjectType type)
    {
        foreach (var field in type.Expected)
        {
            if (field.IsRequired && !node.Fields.Any(given => given.Name == field.Name))
            {
                Context.Report($"Field \"{type}.{field.Name}\" of required type \"{field.Type}\" was not provided.", node.Location);
            }
        }
        if (!type.IsOneOf)
        {
            return;
        }
        var names = node.Fields.Select(field => field.Name).Distinct().ToList();
        if (names.Count != 1)
        {
            Context.Report($"OneOf Input Object \"{type}\" must specify exactly one key.", node.Location);
        }
        else if (node.Fields[^1].Value is NullValueNode)
        {
            Context.Report($"Field \"{type}.{names[0]}\" must be non-null.", node.Location);
        }
    }

    private void CheckLeaf(ValueNode node, SchemaType? expected)
    {
        if (expected is null)
        {
            return;
        }
        if (!expected.Named.IsLeaf)
        {
            Context.Report($"Expected value of type \"{expected}\", found {ValuePrinter.Show(node)}.", node.Location);
        }
        else if (!LeafInput.TryRead(expected.Named, node, null, out _, out var error))
        {
            Context.Report(expected.Named is ScalarType { ScalarKind: ScalarKind.Custom }
                ? $"Expected value of type \"{expected}\", found {ValuePrinter.Show(node)}; {error}"
                : error!, node.Location);
        }
    }
}

/// <summary>The fields of an input object have different names (spec §5.6.3).</summary>
internal sealed class UniqueInputFieldNames(ValidationContext context) : ValidationRule(context)
{
    private readonly Stack<Dictionary<string, SourceLocation>> _known = [];

    public override bool Sees(NodeKind kind) => kind is NodeKind.ObjectValue or NodeKind.ObjectField;

    public override bool Enter(SyntaxNode node)
    {
        if (node is not ObjectFieldNode field)
        {
            _known.Push(new(StringComparer.Ordinal));
        }
        else if (!_known.Peek().TryAdd(field.Name, field.Location))
        {
            Context.Report($"There can be only one input field named \"{field.Name}\".", _known.Peek()[field.Name], field.Location);
        }
        return true;
    }

    public override void Leave(SyntaxNode node)
    {
        if (node is ObjectValueNode)
        {
            _known.Pop();
        }
    }
}
